package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.testkit.NoLeaks;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A close that cancels logs the coroutines that do not end. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class CloseReportTest {
  private final Logger logger = Logger.getLogger("dev.goasync");
  private final CompletableFuture<String> logged = new CompletableFuture<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          logged.complete(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void install() {
    LoopShutdown.graceSeconds = 0;
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void restore() {
    LoopShutdown.graceSeconds = 5;
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  @Test
  void poolOnThreadsOfTheLoopThatIsNotShutDown() throws Exception {
    EventLoop loop = EventLoop.start("with a pool");
    ExecutorService pool = Executors.newSingleThreadExecutor(loop.threadFactory());
    assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    Thread closer = Thread.ofPlatform().start(loop::closeNow);
    assertThat(logged.get())
        .startsWith("closeNow of with a pool waits for coroutines that have not ended")
        .contains("of with a pool")
        .contains("ThreadPoolExecutor.getTask");
    pool.shutdown();
    closer.join();
  }
}
