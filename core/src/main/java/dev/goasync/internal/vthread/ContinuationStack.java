package dev.goasync.internal.vthread;

import org.jspecify.annotations.Nullable;

/**
 * A bare continuation of the JDK. Its frames run as part of the thread that mounts it, so a park in
 * them pauses that thread, a virtual one without blocking its carrier.
 *
 * <p>Must be mounted by one and the same thread all its life: compiled code reads {@link
 * Thread#currentThread} once a frame and keeps it across an unmount, so frames that moved would
 * lock, park and use thread-locals in the name of a thread that runs elsewhere.
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
