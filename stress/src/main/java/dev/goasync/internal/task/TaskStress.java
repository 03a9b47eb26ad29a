package dev.goasync.internal.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Stresses {@link TaskCore} under the real memory model. */
public final class TaskStress {
  private TaskStress() {}

  /** A reader that sees the end of a task sees all of its result. */
  @JCStressTest
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not completed")
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the whole result")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a part of the result")
  @State
  public static class EndAndResult {
    private final TaskCore<int[]> task = new TaskCore<>(new CompletableFuture<>());

    /** Ends the task. */
    @Actor
    public void worker() {
      int[] result = {0};
      result[0] = 1;
      task.succeed(result);
    }

    /** Reads the result. */
    @Actor
    public void reader(I_Result r) {
      Object end = task.end();
      r.r1 = end != null ? task.valueOf(end)[0] : -1;
    }
  }

  /** An added listener is called once; a listener that is being removed, at most once. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "removed in time")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "removed too late")
  @Outcome(expect = Expect.FORBIDDEN, desc = "not called, or twice")
  @State
  public static class AddRemoveAndEnd {
    private final TaskCore<String> task = new TaskCore<>(new CompletableFuture<>());
    private final AtomicInteger addedCalls = new AtomicInteger();
    private final AtomicInteger removedCalls = new AtomicInteger();
    private final Consumer<TaskCore<?>> removed = this::countRemoved;

    /** A task with one listener. */
    public AddRemoveAndEnd() {
      task.addListener(removed);
    }

    private void countRemoved(TaskCore<?> ended) {
      removedCalls.incrementAndGet();
    }

    /** Adds a listener. */
    @Actor
    public void adder() {
      task.addListener(_ -> addedCalls.incrementAndGet());
    }

    /** Removes the first listener. */
    @Actor
    public void remover() {
      task.removeListener(removed);
    }

    /** Ends the task. */
    @Actor
    public void worker() {
      task.succeed("done");
    }

    /** Records the calls. */
    @Arbiter
    public void count(II_Result r) {
      r.r1 = addedCalls.get();
      r.r2 = removedCalls.get();
    }
  }
}
