package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.testkit.FirstLogged;
import dev.goasync.testkit.NoLeaks;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A close that cancels logs the coroutines that do not end. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class CloseReportTest {
  @RegisterExtension private final FirstLogged logged = new FirstLogged();

  @BeforeEach
  void install() {
    LoopShutdown.graceSeconds = 0;
  }

  @AfterEach
  void restore() {
    LoopShutdown.graceSeconds = 5;
  }

  @Test
  void poolOnThreadsOfTheLoopThatIsNotShutDown() throws Exception {
    EventLoop loop = EventLoop.start("with a pool");
    ExecutorService pool = Executors.newSingleThreadExecutor(loop.threadFactory());
    assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    Thread closer = Thread.ofPlatform().start(loop::closeNow);
    assertThat(logged.message().get())
        .startsWith("closeNow of with a pool waits for coroutines that have not ended")
        .contains("of with a pool")
        .contains("ThreadPoolExecutor.getTask");
    pool.shutdown();
    closer.join();
  }
}
