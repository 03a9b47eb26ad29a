package dev.goasync.internal.deadlock;

import static dev.goasync.internal.loop.TestFiber.me;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.internal.loop.FakePoller;
import dev.goasync.internal.loop.FakeWait;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.TestFiber;
import dev.goasync.internal.loop.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The text of deadlock reports. */
@Timeout(60)
final class DeadlockReportTest {
  private final Loop loop = Loop.onCurrentThread(new VirtualTime(), new FakePoller());

  @AfterEach
  void close() {
    loop.close(null);
  }

  @Test
  void listsEachFiberAndWhatItWaitsFor() {
    List<FakeWait> waits = new ArrayList<>();
    for (String name : List.of("left", "right")) {
      TestFiber.start(
          loop,
          name + " fiber",
          () -> {
            FakeWait wait = new FakeWait(me(), "the " + name + " fork", FakeWait.OnCancel.ENDS);
            waits.add(wait);
            me().pause(wait);
          });
    }
    List<String> reports = new ArrayList<>();
    TestFiber.start(
        loop,
        "reporter",
        () -> {
          reports.add(DeadlockReport.of(loop));
          waits.forEach(FakeWait::complete);
        });
    loop.runUntilNoFiber();
    assertThat(reports.getFirst())
        .contains(loop.name())
        .contains("left fiber waits for the left fork")
        .contains("right fiber waits for the right fork")
        .containsSubsequence("left fiber", "right fiber");
  }

  @Test
  void listsAtMostAHundredFibers() {
    List<FakeWait> waits = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      TestFiber.start(
          loop,
          () -> {
            FakeWait wait = new FakeWait(me(), "nothing", FakeWait.OnCancel.ENDS);
            waits.add(wait);
            me().pause(wait);
          });
    }
    List<String> reports = new ArrayList<>();
    loop.execute(() -> {
      reports.add(DeadlockReport.of(loop));
      waits.forEach(FakeWait::complete);
    });
    loop.runUntilNoFiber();
    assertThat(reports.getFirst()).endsWith("and 50 more");
  }
}
