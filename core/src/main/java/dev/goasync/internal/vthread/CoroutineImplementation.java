package dev.goasync.internal.vthread;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The implementations of {@link CoroutineStack}, best first. One is chosen for the process. */
public enum CoroutineImplementation {
  /** A bare continuation, part of the thread that mounts it. */
  BARE("bare continuations"),
  /** A virtual thread whose continuation the mounting thread, or its loop, runs. */
  CONFINED("confined virtual threads"),
  /** A virtual thread of the JDK's scheduler, which runs while the mounting thread waits. */
  HANDOVER("virtual threads that take turns");

  /** System property that names the implementation, in lower case, instead of the best. */
  public static final String PROPERTY = "goasync.coroutine";

  private static final CoroutineImplementation CHOSEN = choose(System.getProperty(PROPERTY));

  private final String description;

  CoroutineImplementation(String description) {
    this.description = description;
  }

  static CoroutineImplementation choose(@Nullable String wanted) {
    for (CoroutineImplementation candidate : values()) {
      if (candidate.isAvailable()
          && (wanted == null || wanted.equals(candidate.name().toLowerCase(Locale.ROOT)))) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "-D"
            + PROPERTY
            + "="
            + wanted
            + ": unknown implementation of coroutines, or not available here; use bare, confined"
            + " or handover ("
            + JdkContinuation.explanation()
            + "; "
            + SchedulerAccess.explanation()
            + ")");
  }

  /** The implementation for coroutines that stay with one thread. */
  public static CoroutineImplementation chosen() {
    return CHOSEN;
  }

  /** The implementation for coroutines that may move from one thread to another. */
  public static CoroutineImplementation chosenForMoving() {
    return CHOSEN != BARE ? CHOSEN : SchedulerAccess.isFullMode() ? CONFINED : HANDOVER;
  }

  /** The chosen implementation and the reason for the choice, in one line. */
  public static String explanation() {
    return CHOSEN.description + " (" + JdkContinuation.explanation() + ")";
  }

  /** Whether such stacks can be created in this process. */
  public boolean isAvailable() {
    return switch (this) {
      case BARE -> JdkContinuation.isAvailable() && SchedulerAccess.isFullMode();
      case CONFINED -> SchedulerAccess.isFullMode();
      case HANDOVER -> true;
    };
  }

  /** Whether a stack may be mounted by one thread after another. */
  public boolean canMove() {
    return this != BARE;
  }

  /** Creates a stack on which {@code body}, which must not throw, will run. */
  public CoroutineStack newStack(Runnable body) {
    return switch (this) {
      case BARE -> new ContinuationStack(body);
      case CONFINED -> new ThreadStack(body, true);
      case HANDOVER -> new ThreadStack(body, false);
    };
  }
}
