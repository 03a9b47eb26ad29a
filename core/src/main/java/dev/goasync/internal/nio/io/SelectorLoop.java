package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.loop.Wait;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A shared loop with a selector, where coroutines of loops without a selector wait for a channel: a
 * fiber of the shared loop waits on behalf of the coroutine. The loop starts on first use; its
 * thread is a daemon.
 */
final class SelectorLoop {
  static final String NAME = "goasync-selector";

  private SelectorLoop() {}

  private static final class Holder {
    static final Loop LOOP = Loop.start(NAME, true, TimeSource.SYSTEM, NioPoller::new);
  }

  /** Pauses the current fiber until the operation is ready. */
  static void await(NioSocket socket, int operation, Fiber caller) throws IOException {
    caller.checkCancelled();
    Delegation wait = new Delegation(caller, socket, operation);
    Holder.LOOP.startFiber(wait.delegate);
    caller.pause(wait);
    if (wait.wasCancelled()) {
      throw caller.cancellation();
    }
    wait.rethrow();
  }

  private static final class Delegation extends Wait {
    final Fiber delegate = new Delegate();
    private final Fiber caller;
    private final NioSocket socket;
    private final int operation;
    private @Nullable Throwable failure;

    Delegation(Fiber caller, NioSocket socket, int operation) {
      this.caller = caller;
      this.socket = socket;
      this.operation = operation;
    }

    private final class Delegate extends Fiber {
      Delegate() {
        super(Holder.LOOP);
      }

      @Override
      protected void execute() {
        try {
          socket.await(operation);
        } catch (Cancellation cancelled) {
          finishCancelled(caller);
          return;
        } catch (Throwable thrown) {
          failure = thrown;
        }
        finish(caller);
      }

      @Override
      protected void neverRan(Cancellation cause) {
        finishCancelled(caller);
      }

      @Override
      public String describe() {
        return "the wait of " + caller.describe() + " for " + socket;
      }
    }

    void rethrow() throws IOException {
      switch (failure) {
        case null -> {}
        case IOException thrown -> throw thrown;
        case RuntimeException thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case Throwable other -> throw new IllegalStateException(other);
      }
    }

    @Override
    protected void cancel(Fiber cancelled) {
      delegate.cancel("the coroutine it waits for was cancelled");
    }

    @Override
    public String describe() {
      return "readiness of " + socket;
    }

    @Override
    public Object kind() {
      return "readiness of a socket";
    }

    @Override
    public boolean isExternal() {
      return true;
    }
  }
}
