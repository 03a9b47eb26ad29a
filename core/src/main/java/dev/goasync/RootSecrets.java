package dev.goasync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.SharedSecrets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens to the library's other packages what is hidden from users. */
final class RootSecrets extends SharedSecrets {
  @Override
  public Loop loopOf(Object eventLoop) {
    return ((EventLoop) eventLoop).loop();
  }

  @Override
  public void addListener(Object task, Consumer<Object> listener) {
    ((Task<?>) task).addListener(listener);
  }

  @Override
  public void removeListener(Object task, Consumer<Object> listener) {
    ((Task<?>) task).removeListener(listener);
  }

  @Override
  public @Nullable Fiber fiberOf(Object task) {
    return ((Task<?>) task).fiber();
  }

  @Override
  public RuntimeException deadlock(String report) {
    return new DeadlockException(report);
  }

  @Override
  public long toNanos(Duration duration, String argument) {
    return Durations.toNanos(duration, argument);
  }
}
