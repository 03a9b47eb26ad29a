package dev.goasync.internal.vthread;

import org.jspecify.annotations.Nullable;

/**
 * A call stack apart from any thread's own: a thread mounts it, runs on it until the code there
 * unmounts it or ends, and goes on where it was.
 *
 * <p>Whoever mounts sees to it that no two threads do so at a time, and that what one mount wrote
 * is visible to the next. The body must not throw.
 */
public abstract class CoroutineStack {
  CoroutineStack() {}

  /** Runs the body, from its start or its last {@link #unmount}, until it unmounts or ends. */
  public abstract void mount();

  /**
   * Makes {@link #mount} return; returns at the next mount. Called where {@link #isCurrent}.
   *
   * @throws IllegalStateException if a frame lies between that cannot be put aside: native code or
   *     a class initializer. The stack then stays mounted.
   */
  public abstract void unmount();

  /** Whether the caller runs on this stack, and on no other mounted from it. */
  public abstract boolean isCurrent();

  static IllegalStateException pinned(@Nullable Throwable cause) {
    return new IllegalStateException(
        "cannot suspend: native code or a class initializer lies between the coroutine's body and"
            + " this call",
        cause);
  }
}
