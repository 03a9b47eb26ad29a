package dev.goasync.internal.vthread;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ways to make a {@link CoroutineStack}, the best first. One is chosen for the process. */
public enum CoroutineImplementation {
  /** A bare continuation, part of the thread that mounts it. */
  BARE("bare continuations"),
  /** A virtual thread whose continuation the mounting thread, or its loop, runs. */
  CONFINED("confined virtual threads"),
  /** A virtual thread of the JDK's scheduler, which runs while the mounting thread waits. */
  HANDOVER("virtual threads that take turns");

  /** Names the kind to use, in lower case, instead of the best. */
  public static final String PROPERTY = "goasync.coroutine";

  private static final CoroutineImplementation CHOSEN = choose(System.getProperty(PROPERTY));

  private final String description;

  CoroutineImplementation(String description) {
    this.description = description;
  }

  static CoroutineImplementation choose(@Nullable String wanted) {
    for (CoroutineImplementation kind : values()) {
      if (kind.isAvailable()
          && (wanted == null || wanted.equals(kind.name().toLowerCase(Locale.ROOT)))) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "-D"
            + PROPERTY
            + "="
            + wanted
            + ": no such kind of coroutine, or not available here; use bare, confined or handover ("
            + JdkContinuation.explanation()
            + "; "
            + SchedulerAccess.explanation()
            + ")");
  }

  /** The kind for coroutines that stay with one thread. */
  public static CoroutineImplementation chosen() {
    return CHOSEN;
  }

  /** The kind for coroutines that one thread may leave to another. */
  public static CoroutineImplementation chosenForMoving() {
    return CHOSEN != BARE ? CHOSEN : SchedulerAccess.isFullMode() ? CONFINED : HANDOVER;
  }

  /** Which kind is chosen and why, in one line. */
  public static String explanation() {
    return CHOSEN.description + " (" + JdkContinuation.explanation() + ")";
  }

  /** Whether such stacks can be made in this process. */
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

  /** A stack on which {@code body}, which must not throw, will run. */
  public CoroutineStack newStack(Runnable body) {
    return switch (this) {
      case BARE -> new ContinuationStack(body);
      case CONFINED -> new ThreadStack(body, true);
      case HANDOVER -> new ThreadStack(body, false);
    };
  }
}
