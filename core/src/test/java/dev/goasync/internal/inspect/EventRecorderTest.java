package dev.goasync.internal.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.inspect.LoopEvent;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.task.SharedSecrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ring buffer of a loop's last events. */
@Timeout(60)
final class EventRecorderTest {
  private static final int EVENTS_OF_EACH = 500_000;

  private final EventLoop events = EventLoop.start("recorded");
  private final Loop loop = SharedSecrets.get().loopOf(events);

  @AfterEach
  void close() {
    events.closeNow();
  }

  private void record(EventRecorder recorder, int number) {
    recorder.stalled(loop, null, "" + number, Duration.ofNanos(number));
  }

  private List<String> numbersAfterTen(EventRecorder recorder, int max) {
    for (int i = 1; i <= 10; i++) {
      record(recorder, i);
    }
    return recorder.recent(max).stream()
        .map(event -> Objects.requireNonNull(event.what()))
        .toList();
  }

  @Test
  void theOldestEventsAreOverwritten() {
    assertThat(numbersAfterTen(new EventRecorder(4), 100)).containsExactly("7", "8", "9", "10");
    assertThat(numbersAfterTen(new EventRecorder(1), 100)).containsExactly("10");
    assertThat(new EventRecorder(4).recent(100)).isEmpty();
  }

  @Test
  void theSizeIsRoundedUpToAPowerOfTwo() {
    assertThat(numbersAfterTen(new EventRecorder(5), 100)).hasSize(8).endsWith("10");
    assertThat(numbersAfterTen(new EventRecorder(9), 100)).hasSize(10).startsWith("1");
  }

  @Test
  void theReaderLimitsTheNumber() {
    assertThat(numbersAfterTen(new EventRecorder(8), 2)).containsExactly("9", "10");
  }

  @Test
  void noEventIsMixedFromTwo() throws Exception {
    EventRecorder recorder = new EventRecorder(2);
    List<Thread> writers = new ArrayList<>();
    List<LoopEvent> mixed = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int first = i * EVENTS_OF_EACH;
      writers.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < EVENTS_OF_EACH; n++) {
                  record(recorder, first + n);
                }
              }));
    }
    while (writers.stream().anyMatch(Thread::isAlive)) {
      for (LoopEvent event : recorder.recent(100)) {
        long took = Objects.requireNonNull(event.took()).toNanos();
        if (!("" + took).equals(event.what())) {
          mixed.add(event);
        }
      }
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(mixed).isEmpty();
  }
}
