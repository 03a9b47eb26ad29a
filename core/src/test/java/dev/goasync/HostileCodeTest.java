package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.testkit.ChildJvm;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code of the user that throws where the library calls it does not end a loop. */
@Timeout(120)
final class HostileCodeTest {
  enum Place {
    CALLBACK,
    EXECUTOR,
    FACTORY_THREAD,
    UNCAUGHT_EXCEPTION_HANDLER,
    MESSAGE_OF_AN_EXCEPTION,
    FUTURE_CALLBACK,
    UNOBSERVED_FAILURE
  }

  private static final class ThrowingHandler extends Handler {
    @Override
    public void publish(LogRecord record) {
      throw new IllegalStateException("appender is closed");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static final class Unprintable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  /** Every log record throws, in addition to the code at the place. */
  static final class Program {
    public static void main(String[] arguments) throws Exception {
      Logger root = Logger.getLogger("");
      for (Handler handler : root.getHandlers()) {
        root.removeHandler(handler);
      }
      root.addHandler(new ThrowingHandler());
      throwAt(Place.valueOf(Objects.requireNonNull(System.getProperty("place"))));
      System.out.println(goAsync(HostileCodeTest::alive).await());
      Runtime.getRuntime().halt(0);
    }

    private static void throwAt(Place place) throws InterruptedException {
      EventLoop loop = EventLoop.currentOrDefault();
      switch (place) {
        case CALLBACK -> {
          Task<?> task = goAsync(() -> sleep(Duration.ofMillis(5)));
          task.onCompletion(_ -> {
            throw new Unprintable();
          });
          task.await();
        }
        case EXECUTOR ->
            loop.executor()
                .execute(() -> {
                  throw new Unprintable();
                });
        case FACTORY_THREAD -> start(loop, null);
        case UNCAUGHT_EXCEPTION_HANDLER ->
            start(
                loop,
                (_, _) -> {
                  throw new Unprintable();
                });
        case MESSAGE_OF_AN_EXCEPTION -> {
          try {
            goAsync(
                    () -> {
                      throw new Unprintable();
                    })
                .await();
          } catch (RuntimeException expected) {
            System.out.println("thrown");
          }
        }
        case FUTURE_CALLBACK -> {
          try {
            goAsync(() -> 1)
                .toCompletableFuture()
                .thenApply(_ -> {
                  throw new Unprintable();
                })
                .join();
          } catch (CompletionException expected) {
            System.out.println("thrown");
          }
        }
        case UNOBSERVED_FAILURE ->
            goAsync(() -> {
              throw new Unprintable();
            });
      }
    }

    private static void start(EventLoop loop, Thread.@Nullable UncaughtExceptionHandler handler)
        throws InterruptedException {
      Thread thread =
          loop.threadFactory()
              .newThread(() -> {
                throw new Unprintable();
              });
      thread.setUncaughtExceptionHandler(handler);
      thread.start();
      thread.join();
    }
  }

  private static String alive() {
    sleep(Duration.ofMillis(1));
    return "the loop is alive";
  }

  @ParameterizedTest
  @EnumSource
  void doesNotEndTheLoop(Place place) throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Program.class, "-Dplace=" + place);
    assertThat(ended.out()).as(ended.err()).contains("the loop is alive");
  }

  static final class FactoryThread {
    public static void main(String[] arguments) throws Exception {
      EventLoop loop = EventLoop.start("factory");
      Thread thread =
          loop.threadFactory()
              .newThread(() -> {
                System.out.println("in a coroutine: " + GoAsync.inCoroutine());
                sleep(Duration.ofMillis(5));
                throw new IllegalArgumentException("expected by this test");
              });
      thread.setUncaughtExceptionHandler(
          (_, thrown) -> System.out.println("handler: " + thrown.getMessage()));
      thread.start();
      thread.join();
      loop.close();
    }
  }

  @Test
  void aFactoryThreadWithAHandlerIsACoroutineAndTheHandlerIsCalled() throws Exception {
    assertThat(ChildJvm.run(FactoryThread.class).assertSuccess().out().lines())
        .containsExactly("in a coroutine: true", "handler: expected by this test");
  }
}
