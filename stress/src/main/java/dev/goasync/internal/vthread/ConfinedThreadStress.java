package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Stress test of a {@link ConfinedThread} in portable mode: an unpark during a park. */
public final class ConfinedThreadStress {
  private ConfinedThreadStress() {}

  private static final class Running extends ConfinedThread {
    private static final VarHandle STATE;
    private static final VarHandle WRITTEN;

    static {
      try {
        STATE =
            MethodHandles.privateLookupIn(ConfinedThread.class, MethodHandles.lookup())
                .findVarHandle(ConfinedThread.class, "state", int.class);
        WRITTEN = MethodHandles.lookup().findVarHandle(Running.class, "written", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final int unparkedState;
    private boolean written;

    /** Creates a thread with an unpark that its next park consumes. */
    Running() {
      super(new ConfinedScheduler(_ -> {}));
      start();
      beforePermit();
      unpark();
      unparkedState = (int) STATE.get(this);
    }

    @Override
    protected void body() {}

    void publish() {
      WRITTEN.setRelease(this, true);
      unpark();
    }

    boolean parkAndRead() {
      park();
      return (boolean) WRITTEN.getAcquire(this);
    }

    boolean hasUnpark() {
      return (int) STATE.get(this) == unparkedState;
    }
  }

  /**
   * A thread consumes an unpark and reads a field while another thread writes the field and
   * unparks: it sees the write, or its next park returns at once. Depends on the full fence in
   * {@code unpark}.
   */
  @JCStressTest
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "will read again")
  @Outcome(id = "1, .", expect = Expect.ACCEPTABLE, desc = "has seen the write")
  @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "will park and miss the write")
  @State
  public static class WriteAndUnpark {
    private final Running thread = new Running();

    /** Unparks. */
    @Actor
    public void writer() {
      thread.publish();
    }

    /** Parks, which returns at once, and reads. */
    @Actor
    public void reader(II_Result r) {
      r.r1 = thread.parkAndRead() ? 1 : 0;
    }

    /** Records whether the next park returns at once. */
    @Arbiter
    public void next(II_Result r) {
      r.r2 = thread.hasUnpark() ? 1 : 0;
    }
  }
}
