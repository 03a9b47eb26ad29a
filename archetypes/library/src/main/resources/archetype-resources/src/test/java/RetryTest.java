package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goasync.junit.OnTestLoop;
import dev.goasync.testing.TestLoop;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Runs on a virtual clock: the hours of this test take no time. */
@OnTestLoop
final class RetryTest {
  private final Retry retry = new Retry(3, Duration.ofHours(1));
  private int calls;

  @Test
  void repeatsUntilTheCallSucceeds(TestLoop loop) throws IOException {
    assertEquals("done", retry.call(() -> failUntil(3)));
    assertEquals(Duration.ofHours(2), loop.elapsed());
  }

  @Test
  void throwsTheLastFailure(TestLoop loop) {
    assertThrows(IOException.class, () -> retry.call(() -> failUntil(4)));
    assertEquals(3, calls);
    assertEquals(Duration.ofHours(2), loop.elapsed());
  }

  private String failUntil(int call) throws IOException {
    if (++calls < call) {
      throw new IOException("not yet");
    }
    return "done";
  }
}
