package dev.goasync.internal.vthread;

import org.jspecify.annotations.Nullable;

/**
 * A coroutine stack that is a bare continuation of the JDK. Its frames run as part of the thread
 * that mounts it: a park in them pauses that thread, and a virtual thread does not block its
 * carrier.
 *
 * <p>Must be mounted by the same thread all its life: compiled code reads {@link
 * Thread#currentThread} once per frame and keeps the result across an unmount, so frames that moved
 * would lock, park and use thread-locals in the name of a thread that runs elsewhere.
 */
final class ContinuationStack extends CoroutineStack {
  private final Object continuation;
  private @Nullable Thread home;

  ContinuationStack(Runnable body) {
    continuation = JdkContinuation.create(body);
  }

  @Override
  public void mount() {
    home = Thread.currentThread();
    JdkContinuation.run(continuation);
  }

  @Override
  public void unmount() {
    try {
      JdkContinuation.yieldNow();
    } catch (IllegalStateException pinned) {
      throw pinned(pinned);
    }
  }

  @Override
  public boolean isCurrent() {
    return Thread.currentThread() == home && JdkContinuation.current() == continuation;
  }
}
