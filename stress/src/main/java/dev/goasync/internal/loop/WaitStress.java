package dev.goasync.internal.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Stress tests of {@link Wait} and {@link ThreadWait}: publication of results. */
public final class WaitStress {
  private static final IdleFiber FIBER =
      new IdleFiber(Loop.onCurrentThread(TimeSource.SYSTEM, _ -> new ParkingPoller(threadOf())));

  private WaitStress() {}

  private static Thread threadOf() {
    return Thread.currentThread();
  }

  private static final class ResultWait extends Wait {
    int result;

    @Override
    protected void cancel(Fiber fiber) {}

    @Override
    public String describe() {
      return "a result";
    }

    @Override
    public boolean isExternal() {
      return true;
    }
  }

  /** The result fields are visible when the wait is finished. */
  @JCStressTest
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not finished")
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "finished, with its result")
  @Outcome(expect = Expect.FORBIDDEN, desc = "finished without its result")
  @State
  public static class FinishAndResult {
    private final ResultWait wait = new ResultWait();

    /** Finishes. */
    @Actor
    public void finisher() {
      wait.result = 1;
      wait.finish(FIBER);
    }

    /** Looks. */
    @Actor
    public void waiter(I_Result r) {
      r.r1 = wait.isFinished() ? wait.result : -1;
    }
  }

  /** Writes before a signal are visible when the wait is over. */
  @JCStressTest
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not signalled")
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "signalled, with the answer")
  @Outcome(expect = Expect.FORBIDDEN, desc = "signalled without the answer")
  @State
  public static class SignalAndAnswer {
    private final ThreadWait wait = new ThreadWait(null);
    private int answer;

    /** Signals. */
    @Actor
    public void signaller() {
      answer = 1;
      wait.signal();
    }

    /** Looks. */
    @Actor
    public void waiter(I_Result r) {
      r.r1 = wait.isOver() ? answer : -1;
    }
  }
}
