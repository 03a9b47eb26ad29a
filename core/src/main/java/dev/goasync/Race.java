package dev.goasync;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of {@link TaskScope#race}, which releases the results that are not returned. */
final class Race<T extends @Nullable Object> {
  private final TaskScope.Releaser<? super T> releaser;
  private final List<Task<T>> started = new ArrayList<>();
  private @Nullable Throwable thrown;

  Race(TaskScope.Releaser<? super T> releaser) {
    this.releaser = releaser;
  }

  T run(Collection<? extends Body<? extends T, ?>> bodies) {
    if (bodies.isEmpty()) {
      throw new IllegalArgumentException("bodies is empty; race needs at least one");
    }
    Task<T> winner = awaitWinner(bodies);
    for (Task<T> task : started) {
      if (task != winner && task.isCompleted() && !task.hasFailed()) {
        release(task.await());
      }
    }
    if (winner != null && thrown == null) {
      return winner.await();
    }
    if (winner != null) { // the releaser has failed
      release(winner.await());
    }
    throw Task.asUnchecked(
        thrown == null ? new AssertionError("a race has a winner or a failure") : thrown,
        "the releaser of a race failed");
  }

  private @Nullable Task<T> awaitWinner(Collection<? extends Body<? extends T, ?>> bodies) {
    try {
      return TaskScope.with()
          .policy(TaskScope.Policy.FIRST_SUCCESS)
          .run(scope -> {
            for (Body<? extends T, ?> body : bodies) {
              started.add(scope.goAsync(body));
            }
            Task<?> first = scope.awaitWinner();
            return started.stream().filter(task -> task == first).findFirst().orElseThrow();
          });
    } catch (RuntimeException | Error failure) {
      thrown = failure;
      return null;
    }
  }

  private void release(T result) {
    try {
      GoAsync.shielded(() -> releaser.release(result));
    } catch (Exception | Error failure) {
      if (thrown == null) {
        thrown = failure;
      } else {
        thrown.addSuppressed(failure);
      }
    }
  }
}
