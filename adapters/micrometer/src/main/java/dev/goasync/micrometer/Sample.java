package dev.goasync.micrometer;

import dev.goasync.DeadlineExceededException;
import dev.goasync.Task;
import dev.goasync.TaskFailedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A value that another loop computes, read by a scrape that must end even if that loop stands
 * still.
 *
 * <p>A virtual thread of the JDK makes the call, one at a time. A reader waits for it at most
 * {@link #PATIENCE} after its begin, and then uses the last value. A value serves all meters of one
 * scrape: it is used again for {@link #MAX_AGE}. Any thread or coroutine.
 */
final class Sample<S> {
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final Duration MAX_AGE = Duration.ofMillis(100);

  private final Supplier<? extends S> source;

  // Guarded by this.
  private @Nullable CompletableFuture<S> call;
  private long callBegan;
  private boolean taken;
  private long takenAt;
  private @Nullable S last;

  Sample(Supplier<? extends S> source) {
    this.source = source;
  }

  /** A number of the value; not a number if there is no value. */
  double read(ToDoubleFunction<? super S> number) {
    S value = get();
    return value == null ? Double.NaN : number.applyAsDouble(value);
  }

  private @Nullable S get() {
    CompletableFuture<S> running = freshCall();
    if (running != null) {
      await(running);
    }
    synchronized (this) {
      return last;
    }
  }

  /** Returns the call to wait for; null if the last value is to be used. */
  private synchronized @Nullable CompletableFuture<S> freshCall() {
    long now = System.nanoTime();
    CompletableFuture<S> running = call;
    if (running != null) {
      return now - callBegan < PATIENCE.toNanos() ? running : null;
    }
    if (taken && now - takenAt < MAX_AGE.toNanos()) {
      return null;
    }
    running = new CompletableFuture<>();
    call = running;
    callBegan = now;
    CompletableFuture<S> begun = running;
    Thread.ofVirtual().name("goasync-metrics").start(() -> take(begun));
    return begun;
  }

  /** A failure, such as that of a closed loop, leaves no value. */
  private void take(CompletableFuture<S> begun) {
    S value = null;
    try {
      value = source.get();
    } catch (RuntimeException failed) {
      // the meters show that there is no value
    } finally {
      synchronized (this) {
        call = null;
        taken = true;
        takenAt = System.nanoTime();
        last = value;
      }
      begun.complete(value);
    }
  }

  private static void await(CompletableFuture<?> running) {
    try {
      var _ = Task.from(running).await(PATIENCE);
    } catch (DeadlineExceededException | TaskFailedException | IllegalStateException noAnswer) {
      // a late answer serves the next scrape; a callback of a loop cannot wait at all
    }
  }
}
