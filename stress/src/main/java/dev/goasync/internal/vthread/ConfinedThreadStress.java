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

/** Unparks of portable mode on the real machine. */
public final class ConfinedThreadStress {
  private ConfinedThreadStress() {}

  private static final class Running extends ConfinedThread {
    private static final VarHandle STATE;
    private static final VarHandle NEWS;

    static {
      try {
        STATE =
            MethodHandles.privateLookupIn(ConfinedThread.class, MethodHandles.lookup())
                .findVarHandle(ConfinedThread.class, "state", int.class);
        NEWS = MethodHandles.lookup().findVarHandle(Running.class, "news", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final int permitted;
    private boolean news;

    /** Holds the permit of an unpark. */
    Running() {
      super(new ConfinedScheduler(_ -> {}));
      start();
      beforeBaton();
      unpark();
      permitted = (int) STATE.get(this);
    }

    @Override
    protected void body() {}

    void tell() {
      NEWS.setRelease(this, true);
      unpark();
    }

    boolean parkAndLook() {
      park();
      return (boolean) NEWS.getAcquire(this);
    }

    boolean hasPermit() {
      return (int) STATE.get(this) == permitted;
    }
  }

  /**
   * A strand uses up a permit and looks for news while some come: it sees them, or has a permit for
   * another look. The full fence in {@code unpark} is what this hangs on.
   */
  @JCStressTest
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "will look again")
  @Outcome(id = "1, .", expect = Expect.ACCEPTABLE, desc = "has seen them")
  @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "will park over news")
  @State
  public static class NewsAndPermit {
    private final Running strand = new Running();

    /** Unparks. */
    @Actor
    public void teller() {
      strand.tell();
    }

    /** Parks, which the permit ends, and looks. */
    @Actor
    public void strand(II_Result r) {
      r.r1 = strand.parkAndLook() ? 1 : 0;
    }

    /** Whether the next park returns at once. */
    @Arbiter
    public void next(II_Result r) {
      r.r2 = strand.hasPermit() ? 1 : 0;
    }
  }
}
