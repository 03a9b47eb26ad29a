package dev.goasync.internal.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Stress tests of the {@link Inbox}. */
public final class InboxStress {
  private InboxStress() {}

  private static int count(TaskQueue queue) {
    int count = 0;
    while (!queue.isEmpty()) {
      queue.remove();
      count++;
    }
    return count;
  }

  /** A task whose field is written before it is pushed. */
  private static final class Numbered implements Runnable {
    int number;

    @Override
    public void run() {}
  }

  /** A push wakes the loop exactly if the loop fell asleep. */
  @JCStressTest
  @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "slept, and is woken")
  @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "saw the task")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a lost or a needless wake-up")
  @State
  public static class PushAndFallAsleep {
    private final Inbox inbox = new Inbox();

    /** Pushes. */
    @Actor
    public void producer(ZZ_Result r) {
      r.r1 = inbox.push(new Numbered());
    }

    /** Goes to sleep. */
    @Actor
    public void loop(ZZ_Result r) {
      r.r2 = inbox.fallAsleep();
    }
  }

  /** The loop sees what was written before the push. */
  @JCStressTest
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not there yet")
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "all of it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a half-initialized task")
  @State
  public static class PushAndDrain {
    private final Inbox inbox = new Inbox();
    private final Numbered task = new Numbered();

    /** Pushes. */
    @Actor
    public void producer() {
      task.number = 1;
      inbox.push(task);
    }

    /** Takes all. */
    @Actor
    public void loop(I_Result r) {
      TaskQueue taken = new TaskQueue();
      inbox.drainTo(taken);
      r.r1 = taken.peek() instanceof Numbered numbered ? numbered.number : -1;
    }
  }

  /** Of two pushes to a sleeping loop one wakes it; no task is lost. */
  @JCStressTest
  @Outcome(id = "1, 0, 2", expect = Expect.ACCEPTABLE, desc = "the first woke")
  @Outcome(id = "0, 1, 2", expect = Expect.ACCEPTABLE, desc = "the second woke")
  @Outcome(expect = Expect.FORBIDDEN, desc = "none or both woke, or a task is lost")
  @State
  public static class TwoWakers {
    private final Inbox inbox = new Inbox();

    /** Falls asleep. */
    public TwoWakers() {
      inbox.fallAsleep();
    }

    /** Pushes. */
    @Actor
    public void first(III_Result r) {
      r.r1 = inbox.push(new Numbered()) ? 1 : 0;
    }

    /** Pushes. */
    @Actor
    public void second(III_Result r) {
      r.r2 = inbox.push(new Numbered()) ? 1 : 0;
    }

    /** Counts. */
    @Arbiter
    public void loop(III_Result r) {
      TaskQueue taken = new TaskQueue();
      inbox.awake();
      inbox.drainTo(taken);
      r.r3 = count(taken);
    }
  }
}
