package dev.goasync.internal.loop;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Access for the library's packages to members of the root package that users must not call. The
 * root package installs the implementation; its types appear here as {@code Object}.
 */
public abstract class SharedSecrets {
  private static final String INSTALLER = "dev.goasync.EventLoop";

  private static volatile @Nullable SharedSecrets installed;

  /** The implementation; initializes the class that installs it if necessary. */
  public static SharedSecrets get() {
    SharedSecrets access = installed;
    if (access != null) {
      return access;
    }
    try {
      Class.forName(INSTALLER);
    } catch (ClassNotFoundException impossible) {
      throw new LinkageError("the library is incomplete", impossible);
    }
    return Objects.requireNonNull(installed);
  }

  /** Called once, by the root package. */
  public static void install(SharedSecrets access) {
    installed = access;
  }

  /** The loop of an {@code EventLoop}. */
  public abstract Loop loopOf(Object eventLoop);

  /** Adds a listener that is called when the {@code Task} has ended, or at once. Any thread. */
  public abstract void addListener(Object task, Consumer<Object> listener);

  /** Removes a listener, if it has not been called. Any thread. */
  public abstract void removeListener(Object task, Consumer<Object> listener);

  /** The fiber that runs a {@code Task}, if there is one. */
  public abstract @Nullable Fiber fiberOf(Object task);

  /** Creates a {@code DeadlockException}. */
  public abstract RuntimeException deadlock(String report);

  /**
   * The nanoseconds of a duration, limited to a hundred years.
   *
   * @throws IllegalArgumentException if the duration is negative; the message names {@code
   *     argument}
   */
  public abstract long toNanos(Duration duration, String argument);
}
