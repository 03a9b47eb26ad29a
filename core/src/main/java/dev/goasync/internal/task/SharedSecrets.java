package dev.goasync.internal.task;

import dev.goasync.internal.loop.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Gives the library's internal packages access to what the root package hides from users. The root
 * package implements it, so no import leads from an internal package to the root package.
 */
public abstract class SharedSecrets {
  private static final String IMPLEMENTATION = "dev.goasync.RootSecrets";

  private static volatile @Nullable SharedSecrets installed;

  /** The root package's implementation, which the first call loads. Any thread. */
  public static SharedSecrets get() {
    SharedSecrets secrets = installed;
    return secrets != null ? secrets : load();
  }

  /** The static initializer of the implementation calls {@link #install}. */
  private static SharedSecrets load() {
    try {
      Class.forName(IMPLEMENTATION, true, SharedSecrets.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError("the library is incomplete: no " + IMPLEMENTATION, e);
    }
    SharedSecrets secrets = installed;
    if (secrets == null) {
      throw new AssertionError(IMPLEMENTATION + " did not install itself");
    }
    return secrets;
  }

  /** Called once, by the static initializer of the implementation. */
  public static void install(SharedSecrets secrets) {
    installed = secrets;
  }

  /** The loop behind an {@code EventLoop}. */
  public abstract Loop loopOf(Object eventLoop);

  /** The loop of {@code EventLoop.currentOrDefault()}. */
  public abstract Loop currentOrDefaultLoop();

  /** A {@code DeadlockException}. */
  public abstract RuntimeException deadlock(String report);

  /**
   * A {@code DeadlineExceededException}.
   *
   * @param what the work or the task that did not end in time
   */
  public abstract RuntimeException deadlineExceeded(String what, Duration timeout);
}
