package dev.goasync.internal.vthread;

import org.jspecify.annotations.Nullable;

/**
 * A call stack that a thread mounts: the thread runs the code on it until that code unmounts the
 * stack or ends, and then continues after its call of {@link #mount}.
 *
 * <p>Callers ensure that one thread at a time mounts the stack, and that the writes of one mount
 * are visible to the next. The body must not throw.
 */
public abstract class CoroutineStack {
  CoroutineStack() {}

  /** Runs the body, from its start or its last {@link #unmount}, until it unmounts or ends. */
  public abstract void mount();

  /**
   * Makes {@link #mount} return; returns at the next mount. Called where {@link #isCurrent}.
   *
   * @throws IllegalStateException if the stack is pinned: a native frame or a class initializer
   *     lies between the body and this call. The stack then stays mounted.
   */
  public abstract void unmount();

  /** Whether the caller runs on this stack, and not on another stack mounted from it. */
  public abstract boolean isCurrent();

  static IllegalStateException pinned(@Nullable Throwable cause) {
    return new IllegalStateException(
        "cannot suspend: native code or a class initializer lies between the coroutine's body and"
            + " this call; suspend outside it",
        cause);
  }
}
