package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The coroutine that runs a simulated program. */
final class MainFiber extends Fiber {
  /** Called when the program's body has ended. */
  @FunctionalInterface
  interface End {
    /**
     * The body has ended.
     *
     * @param result null also if the coroutine was cancelled
     * @param failure what the body has thrown; null if it has returned or was cancelled
     */
    void ended(@Nullable Object result, @Nullable Throwable failure);
  }

  private final String name;
  private final Callable<?> body;
  private final End end;
  private boolean ended;

  MainFiber(Loop loop, String name, Callable<?> body, End end) {
    super(loop);
    this.name = name;
    this.body = body;
    this.end = end;
    thread().setName(name);
  }

  @Override
  protected void execute() {
    Object result = null;
    Throwable failure = null;
    try {
      result = body.call();
    } catch (Cancellation cancellation) {
      failure = cancellation.isOf(this) ? null : cancellation;
    } catch (Throwable thrown) {
      failure = thrown;
    }
    end(result, failure);
  }

  @Override
  protected void neverRan(Cancellation cause) {
    end(null, null);
  }

  private void end(@Nullable Object result, @Nullable Throwable failure) {
    ended = true;
    end.ended(result, failure);
  }

  boolean hasEnded() {
    return ended;
  }

  @Override
  public String describe() {
    return "main coroutine of " + name;
  }
}
