package dev.goasync.junit;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.sync.Channel;
import dev.goasync.testing.TestLoop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.InvocationInterceptor;

/**
 * The loop of one test, and the coroutine that runs the test's methods one after another. If a
 * method does not end, since its time limit is over or it is deadlocked, the coroutine is lost, and
 * later methods run in coroutines of their own.
 */
final class LoopOfTest {
  private final Thread thread = Thread.currentThread();
  private final TestLoop loop = TestLoop.open();
  private final Channel<Call<?>> calls = Channel.rendezvous();
  private final Channel<Boolean> ends = Channel.rendezvous();
  private @Nullable Task<?> runner;
  private boolean lost;

  TestLoop loop() {
    return loop;
  }

  /** A method to run, and its outcome. */
  private static final class Call<T extends @Nullable Object> {
    private final InvocationInterceptor.Invocation<T> invocation;
    private @Nullable T value;
    private @Nullable Throwable failure;

    Call(InvocationInterceptor.Invocation<T> invocation) {
      this.invocation = invocation;
    }

    void run() {
      try {
        value = invocation.proceed();
      } catch (Throwable thrown) {
        failure = thrown;
      }
    }

    @SuppressWarnings("NullAway") // T may be null itself
    T result() throws Throwable {
      if (failure != null) {
        throw failure;
      }
      return value;
    }
  }

  /**
   * Runs a method in the coroutine.
   *
   * @throws IllegalStateException if another thread than that of the test calls
   */
  <T extends @Nullable Object> T run(InvocationInterceptor.Invocation<T> invocation)
      throws Throwable {
    if (Thread.currentThread() != thread) {
      invocation.skip();
      throw new IllegalStateException(
          "@OnTestLoop runs a test on the thread that has opened its loop, "
              + thread.getName()
              + ", and JUnit runs this method on "
              + Thread.currentThread().getName()
              + "; remove threadMode = SEPARATE_THREAD from its @Timeout, or set"
              + " junit.jupiter.execution.timeout.thread.mode.default to SAME_THREAD");
    }
    Call<T> call = new Call<>(invocation);
    if (lost) {
      loop.run(call::run);
    } else {
      lost = true;
      loop.run(() -> handOver(call));
      lost = false;
    }
    return call.result();
  }

  private void handOver(Call<?> call) {
    if (runner == null) {
      runner = GoAsync.goAsync("test", this::runCalls);
    }
    calls.send(call);
    var _ = ends.receive();
  }

  private void runCalls() {
    for (Call<?> call : calls) {
      call.run();
      ends.send(true);
    }
  }

  /** Ends the coroutine and closes the loop, which fails if something is left in it. */
  void end() throws Exception {
    Task<?> running = runner;
    try {
      if (running != null && !lost) {
        loop.run(() -> {
          calls.close();
          running.await();
        });
      }
    } finally {
      loop.close();
    }
  }
}
