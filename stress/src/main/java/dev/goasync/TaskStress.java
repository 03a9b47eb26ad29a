package dev.goasync;

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

/** {@link Task} on the real machine. */
public final class TaskStress {
  private TaskStress() {}

  /** A result is there as it was when its task ended. */
  @JCStressTest
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not completed")
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "all of the result")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a result half made")
  @State
  public static class EndAndResult {
    private final Task<int[]> task = Task.from(new CompletableFuture<>());

    /** Ends. */
    @Actor
    public void worker() {
      int[] result = {0};
      result[0] = 1;
      task.succeed(result);
    }

    /** Looks. */
    @Actor
    public void asker(I_Result r) {
      r.r1 = task.isCompleted() ? task.await()[0] : -1;
    }
  }

  /** Who comes to listen is told once; who goes, at most once. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "left in time")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "left too late")
  @Outcome(expect = Expect.FORBIDDEN, desc = "not told, or twice")
  @State
  public static class ComeGoAndEnd {
    private final Task<String> task = Task.from(new CompletableFuture<>());
    private final AtomicInteger came = new AtomicInteger();
    private final AtomicInteger went = new AtomicInteger();
    private final Consumer<Task<?>> goes = this::tellWhoWent;

    /** With one who listens. */
    public ComeGoAndEnd() {
      task.addListener(goes);
    }

    private void tellWhoWent(Task<?> ended) {
      went.incrementAndGet();
    }

    /** Comes. */
    @Actor
    public void comer() {
      task.addListener(_ -> came.incrementAndGet());
    }

    /** Goes. */
    @Actor
    public void goer() {
      task.removeListener(goes);
    }

    /** Ends. */
    @Actor
    public void worker() {
      task.succeed("done");
    }

    /** Counts. */
    @Arbiter
    public void count(II_Result r) {
      r.r1 = came.get();
      r.r2 = went.get();
    }
  }
}
