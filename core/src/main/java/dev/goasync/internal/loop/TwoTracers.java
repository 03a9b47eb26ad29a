package dev.goasync.internal.loop;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Passes the events of a loop to two tracers. The rare events of any thread have a tracer of their
 * own; see {@link Tracing#ofRecording}.
 */
final class TwoTracers extends Tracer {
  private final Tracer first;
  private final Tracer second;

  /** What the tracers get back at the end of a span. */
  private record Begun(@Nullable Object first, @Nullable Object second) {
    static @Nullable Begun of(@Nullable Object first, @Nullable Object second) {
      return first == null && second == null ? null : new Begun(first, second);
    }
  }

  TwoTracers(Tracer first, Tracer second) {
    this.first = first;
    this.second = second;
  }

  private static @Nullable Object firstOf(@Nullable Object begun) {
    return begun instanceof Begun both ? both.first : null;
  }

  private static @Nullable Object secondOf(@Nullable Object begun) {
    return begun instanceof Begun both ? both.second : null;
  }

  @Override
  public <T extends Tracer> @Nullable T find(Class<T> type) {
    T found = first.find(type);
    return found != null ? found : second.find(type);
  }

  @Override
  public @Nullable Object taskBegins(Fiber fiber) {
    return Begun.of(first.taskBegins(fiber), second.taskBegins(fiber));
  }

  @Override
  public void taskEnded(Fiber fiber, @Nullable Object begun) {
    first.taskEnded(fiber, firstOf(begun));
    second.taskEnded(fiber, secondOf(begun));
  }

  @Override
  protected @Nullable Object waitBegins(Fiber fiber, Wait wait) {
    return Begun.of(first.waitBegins(fiber, wait), second.waitBegins(fiber, wait));
  }

  @Override
  protected void waitEnded(Fiber fiber, Wait wait, @Nullable Object begun) {
    first.waitEnded(fiber, wait, firstOf(begun));
    second.waitEnded(fiber, wait, secondOf(begun));
  }

  @Override
  protected void cancelRequested(Fiber fiber, String reason) {
    first.cancelRequested(fiber, reason);
    second.cancelRequested(fiber, reason);
  }

  @Override
  protected void limitReached(Fiber fiber, String reason) {
    first.limitReached(fiber, reason);
    second.limitReached(fiber, reason);
  }

  @Override
  protected @Nullable Object turnBegins(Loop loop) {
    return Begun.of(first.turnBegins(loop), second.turnBegins(loop));
  }

  @Override
  protected void turnEnded(Loop loop, long tasksRun, @Nullable Object begun) {
    first.turnEnded(loop, tasksRun, firstOf(begun));
    second.turnEnded(loop, tasksRun, secondOf(begun));
  }

  @Override
  public void stalled(Loop loop, @Nullable Fiber running, String place, Duration time) {
    first.stalled(loop, running, place, time);
    second.stalled(loop, running, place, time);
  }
}
