package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.internal.loop.IdleFiber;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.task.SharedSecrets;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Stress test of {@link Waiter}: the publication of a result from the home loop to a caller on
 * another thread.
 */
public final class WaiterStress {
  private static final EventLoop HOME = EventLoop.onCurrentThread();
  private static final Mutex MUTEX = new Mutex(HOME);
  private static final IdleFiber FIBER = new IdleFiber(SharedSecrets.get().loopOf(HOME));

  private WaiterStress() {}

  /** After the wait, the caller sees the result and all writes of the home loop before it. */
  @JCStressTest
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not over")
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "over, with the result")
  @Outcome(expect = Expect.FORBIDDEN, desc = "over, but the result is incomplete")
  @State
  public static class EndAndAnswer {
    private final Waiter waiter = new Waiter(MUTEX);

    /** Prepares a waiting operation. */
    public EndAndAnswer() {
      waiter.prepare(FIBER, 0, null, Poller.FOREVER);
      waiter.prepareAgain();
    }

    /** Answers. */
    @Actor
    public void home() {
      int[] answer = {0};
      answer[0] = 1;
      waiter.end(answer);
    }

    /** Reads the answer. */
    @Actor
    public void caller(I_Result r) {
      if (!waiter.isFinished()) {
        r.r1 = -1;
      } else {
        r.r1 = waiter.answer instanceof int[] answer ? answer[0] : -2;
      }
    }
  }
}
