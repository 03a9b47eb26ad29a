package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.internal.backend.Backends;
import dev.goasync.testkit.NoLeaks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A virtual clock that cannot jump, because a coroutine waits for a future, logs a warning. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class StillClockTest {
  private final Logger logger = Logger.getLogger("dev.goasync");

  /** Completed by the warning, on the loop's thread: without a warning the test hangs. */
  private final CompletableFuture<String> warned = new CompletableFuture<>();

  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          warned.complete(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void install() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void restore() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  @Test
  void warningNamesTheWaitAndTheNextTimer() {
    Loop.onCurrentThread(new VirtualTime(0), Backends.lazyPollerFactory(), IdleStrategy.SLEEP);
    try (EventLoop loop = EventLoop.onCurrentThread()) {
      Task<?> sleeper = loop.goAsync(() -> GoAsync.sleep(Duration.ofHours(1)));
      Task<String> waiter = loop.goAsync("the waiter", () -> Task.from(warned).await());
      String warning = waiter.await();
      assertThat(warning)
          .contains("stands still")
          .contains("PT1H")
          .contains("the waiter")
          .contains("outside the loop");
      sleeper.cancel();
    }
  }
}
