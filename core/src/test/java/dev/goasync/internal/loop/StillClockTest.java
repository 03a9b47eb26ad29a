package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.internal.backend.Backends;
import dev.goasync.testkit.FirstLogged;
import dev.goasync.testkit.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A virtual clock that cannot jump, because a coroutine waits for a future, logs a warning. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class StillClockTest {
  /** Its message comes on the loop's thread: without a warning the test hangs. */
  @RegisterExtension private final FirstLogged logged = new FirstLogged();

  @Test
  void warningNamesTheWaitAndTheNextTimer() {
    Loop.onCurrentThread(new VirtualTime(0), Backends.lazyPollerFactory(), IdleStrategy.SLEEP);
    try (EventLoop loop = EventLoop.onCurrentThread()) {
      Task<?> sleeper = loop.goAsync(() -> GoAsync.sleep(Duration.ofHours(1)));
      Task<String> waiter = loop.goAsync("the waiter", () -> Task.from(logged.message()).await());
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
