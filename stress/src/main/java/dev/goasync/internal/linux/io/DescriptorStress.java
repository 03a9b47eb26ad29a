package dev.goasync.internal.linux.io;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Stress test of {@link Descriptor}: enter, leave and close by several threads. */
public final class DescriptorStress {
  private DescriptorStress() {}

  /** An operation is refused or keeps the number open; the number is closed once. */
  @JCStressTest
  @Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "refused")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open while it was used")
  @Outcome(expect = Expect.FORBIDDEN, desc = "closed while in use, twice or never")
  @State
  public static class UseAndClose {
    private final Descriptor descriptor = Descriptor.takenOver(7, "a number");
    private final AtomicInteger closes = new AtomicInteger();

    /** Enters and leaves. */
    @Actor
    public void user(II_Result r) {
      Descriptor.Use use =
          new Descriptor.Use() {
            @Override
            protected void interrupt() {}
          };
      try {
        descriptor.enter(use);
      } catch (ClosedChannelException refused) {
        r.r1 = -1;
        return;
      }
      r.r1 = closes.get();
      if (descriptor.unlink(use)) {
        closes.incrementAndGet();
      }
    }

    /** Closes. */
    @Actor
    public void closer() {
      if (descriptor.markClosed()) {
        closes.incrementAndGet();
      }
    }

    /** Counts. */
    @Arbiter
    public void count(II_Result r) {
      r.r2 = closes.get();
    }
  }
}
