package dev.goasync.sync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.ThreadWait;
import dev.goasync.internal.loop.Wait;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A short synchronous call that the home loop executes for a caller on another loop or thread. The
 * wait for its result cannot be cancelled.
 */
final class HomeCall<R extends @Nullable Object> extends Wait implements Runnable {
  private final Supplier<R> body;
  private final @Nullable Fiber fiber = Fiber.current();
  private final @Nullable ThreadWait thread = fiber == null ? new ThreadWait(null) : null;
  private @Nullable R result;
  private @Nullable RuntimeException failure;

  HomeCall(Supplier<R> body) {
    this.body = body;
  }

  /** Home loop: runs the body and resumes the caller. */
  @Override
  public void run() {
    try {
      result = body.get();
    } catch (RuntimeException wrongUse) {
      failure = wrongUse;
    }
    if (fiber != null) {
      finish(fiber);
    } else {
      Objects.requireNonNull(thread).signal();
    }
  }

  /** Caller: waits for the end of {@link #run}. */
  @SuppressWarnings("NullAway") // R may be null itself
  R await() {
    if (fiber != null) {
      fiber.pause(this);
    } else {
      var _ = Objects.requireNonNull(thread).awaitUninterrupted();
    }
    if (failure != null) {
      throw failure;
    }
    return result;
  }

  @Override
  protected void cancel(Fiber cancelled) {}

  @Override
  public String describe() {
    return "an answer from another loop";
  }

  @Override
  public boolean isExternal() {
    return true;
  }
}
