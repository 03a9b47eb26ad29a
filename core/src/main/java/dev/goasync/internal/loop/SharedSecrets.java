package dev.goasync.internal.loop;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the root package lets the library's other packages do that users may not. The root package
 * installs it; its types are known here only as objects.
 */
public abstract class SharedSecrets {
  private static volatile @Nullable SharedSecrets installed;

  /** The root package's, which is there as soon as an event loop is. */
  public static SharedSecrets get() {
    return Objects.requireNonNull(installed, "no event loop was asked for yet");
  }

  /** Called once, by the root package. */
  public static void install(SharedSecrets access) {
    installed = access;
  }

  /** The loop behind an {@code EventLoop}. */
  public abstract Loop loopOf(Object eventLoop);

  /** Has {@code listener} called when the {@code Task} has ended, or now. Any thread. */
  public abstract void addListener(Object task, Consumer<Object> listener);

  /** Takes back a listener, if it is still there. Any thread. */
  public abstract void removeListener(Object task, Consumer<Object> listener);

  /** The fiber that does the work of a {@code Task}, if there is one. */
  public abstract @Nullable Fiber fiberOf(Object task);

  /** A {@code DeadlockException}. */
  public abstract RuntimeException deadlock(String report);

  /**
   * Nanoseconds of a duration, at most a hundred years.
   *
   * @throws IllegalArgumentException naming {@code argument}, if negative
   */
  public abstract long toNanos(Duration duration, String argument);
}
