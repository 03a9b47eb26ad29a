package dev.goasync.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.sync.Event;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.LongRunning;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The property that records the last events of each loop, in programs of their own. */
@Timeout(120)
@LongRunning
final class RecorderTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory;

  // ---- events before a hang ----

  /** Does something of each kind, and then waits for bytes that never come. */
  static final class HangProgram {
    private HangProgram() {}

    public static void main(String[] args) throws Exception {
      GoAsync.goAsync("quick", () -> 1).await();
      Task<?> failing = GoAsync.goAsync("failing", HangProgram::fail);
      assertThat(catchThrowable(failing::await)).isNotNull();
      Task<?> sleeper = GoAsync.goAsync("sleeper", () -> GoAsync.sleep(HOUR));
      GoAsync.goAsync(() -> 1).await();
      sleeper.cancel("enough");
      assertThat(catchThrowable(sleeper::await)).isNotNull();
      Task<?> limited = GoAsync.goAsync("limited", HangProgram::exceedLimit);
      assertThat(catchThrowable(limited::await)).isNotNull();
      try (AsyncServerSocket server =
              AsyncServerSocket.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          AsyncSocket client = AsyncSocket.connect(server.localAddress())) {
        Task<?> hanging =
            GoAsync.goAsync(
                "hanging",
                () -> {
                  var _ = client.readLine();
                });
        GoAsync.goAsync("last", () -> 1).await();
        Dump dump = GoAsync.dump();
        System.out.println(dump);
        System.out.println(dump.toJson());
        hanging.cancel("done");
        assertThat(catchThrowable(hanging::await)).isNotNull();
      }
    }

    private static void fail() {
      throw new IllegalStateException("planted");
    }

    private static void exceedLimit() {
      GoAsync.withTimeout(Duration.ofMillis(1), () -> GoAsync.sleep(HOUR));
    }
  }

  /** The parts follow each other, each on its own line. */
  private static void assertInOrder(String text, String... parts) {
    int at = 0;
    for (String part : parts) {
      var matcher = Pattern.compile("(?m)^    \\d+\\.\\d{6} s ago: " + part).matcher(text);
      assertThat(matcher.find(at)).as("%s after position %s of %s", part, at, text).isTrue();
      at = matcher.end();
    }
  }

  @Test
  void aDumpHasTheEventsBeforeAHang() throws Exception {
    String out = ChildJvm.run(HangProgram.class, "-Dgoasync.recorder=256").assertSuccess().out();
    assertThat(out).contains("\n  recent events\n");
    assertInOrder(
        out,
        "#\\d+ task \"quick\" begins$",
        "#\\d+ task \"quick\" has ended: completed$",
        "#\\d+ task \"failing\" has ended: failed: java.lang.IllegalStateException$",
        "#\\d+ task \"sleeper\" waits for a timer$",
        "#\\d+ task \"sleeper\" is cancelled: enough$",
        "#\\d+ task \"sleeper\" has waited for a timer, for \\d\\.\\d{6} s$",
        "#\\d+ task \"sleeper\" has ended: cancelled$",
        "#\\d+ task \"limited\" has reached a time limit: .*PT0.001S",
        "#\\d+ task \"hanging\" begins$",
        "#\\d+ task \"hanging\" waits for .*$",
        "#\\d+ task \"last\" has ended: completed$");
    assertThat(out)
        .containsPattern("\"recent\":\\[\\{\"age\":\\d.*\"kind\":\"WAIT_BEGINS\".*\"hanging\"");
    if (!GoAsync.describe().contains("nio")) { // whose channels have no numbers
      assertThat(out).containsPattern("\"hanging\" waits for .*, descriptor \\d+\n");
    }
  }

  /** Blocks its loop while a dump is taken. */
  static final class BlockedProgram {
    private BlockedProgram() {}

    public static void main(String[] args) throws Exception {
      CountDownLatch begun = new CountDownLatch(1);
      AtomicBoolean end = new AtomicBoolean();
      Task<?> blocking = GoAsync.goAsync("blocking", () -> spin(begun, end));
      begun.await();
      System.out.println(GoAsync.dump(DumpOptions.standard().withPatience(Duration.ZERO)));
      end.set(true);
      blocking.await();
    }

    private static void spin(CountDownLatch begun, AtomicBoolean end) {
      begun.countDown();
      while (!end.get()) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aLoopThatDoesNotAnswerHasItsEvents() throws Exception {
    String out = ChildJvm.run(BlockedProgram.class, "-Dgoasync.recorder=16").assertSuccess().out();
    assertThat(out).contains(", which does not answer\n");
    assertInOrder(out, "#\\d+ task \"blocking\" begins$");
  }

  @Test
  void theLastEventsAreKept() throws Exception {
    String out = ChildJvm.run(HangProgram.class, "-Dgoasync.recorder=3").assertSuccess().out();
    String tree = out.substring(0, out.indexOf("\n{"));
    assertThat(tree.lines().filter(line -> line.contains(" ago: "))).hasSize(4);
    assertInOrder(out, "#\\d+ task \"last\" has ended: completed$");
  }

  @Test
  void withoutThePropertyADumpHasNone() {
    try (EventLoop loop = EventLoop.start("not recorded")) {
      loop.goAsync(() -> 1).await();
      Dump dump = loop.dump();
      assertThat(dump.loops().getFirst().recent()).isEmpty();
      assertThat(dump.toString()).doesNotContain("recent events");
      assertThat(dump.toJson()).contains("\"recent\":[]");
    }
  }

  @Test
  void theFlightRecorderOfTheJdkRecordsAsWell() throws Exception {
    Path file = directory.resolve("recording.jfr");
    String out =
        ChildJvm.run(
                HangProgram.class,
                "-Dgoasync.recorder=256",
                "-XX:StartFlightRecording:filename=" + file)
            .assertSuccess()
            .out();
    assertInOrder(out, "#\\d+ task \"quick\" begins$", "#\\d+ task \"last\" has ended: completed$");
    List<RecordedEvent> recorded = RecordingFile.readAllEvents(file);
    assertThat(recorded)
        .extracting(event -> event.getEventType().getName())
        .contains("dev.goasync.Cancel", "dev.goasync.Deadline");
  }

  // ---- deadlock reports ----

  /** Prints the reports of three deadlocks. */
  static final class DeadlockProgram {
    private DeadlockProgram() {}

    public static void main(String[] args) {
      for (int i = 0; i < 30; i++) {
        GoAsync.goAsync("before " + i, () -> 1).await();
      }
      Event never = Event.manualReset();
      System.out.println("stuck");
      print(GoAsync.goAsync("stuck", () -> never.await()));
      System.out.println("cycle");
      try (EventLoop one = EventLoop.start("one")) {
        awaitEachOther(one, one);
      }
      System.out.println("two loops");
      try (EventLoop one = EventLoop.start("three");
          EventLoop two = EventLoop.start("four")) {
        awaitEachOther(one, two);
      }
      System.exit(0);
    }

    private static void awaitEachOther(EventLoop one, EventLoop two) {
      AtomicReference<Task<?>> second = new AtomicReference<>();
      Event started = Event.manualReset(one);
      Task<?> first =
          one.goAsync(
              "first",
              () -> {
                started.await();
                second.get().await();
              });
      second.set(two.goAsync("second", () -> first.await()));
      two.goAsync(() -> 1).await();
      one.goAsync(() -> started.set()).await();
      print(first);
    }

    private static void print(Task<?> task) {
      for (Throwable t = catchThrowable(task::await); t != null; t = t.getCause()) {
        System.out.println(t);
      }
    }
  }

  @Test
  void aDeadlockReportHasTheLastEventsOfTheLoopsInvolved() throws Exception {
    String out = ChildJvm.run(DeadlockProgram.class, "-Dgoasync.recorder=64").assertSuccess().out();
    int cycle = out.indexOf("\ncycle\n");
    int twoLoops = out.indexOf("\ntwo loops\n");
    String stuck = out.substring(0, cycle);
    assertThat(stuck).contains("\n  recent events of ");
    assertInOrder(
        stuck,
        "#\\d+ task \"before 29\" has ended: completed$",
        "#\\d+ task \"stuck\" begins\n",
        "#\\d+ task \"stuck\" waits for event@");
    assertThat(stuck.split(" ago: ", -1)).hasSize(21);
    assertThat(out.substring(cycle, twoLoops))
        .contains(" would wait for ", "\n  recent events of one\n", "\"second\" waits for a task");
    assertThat(out.substring(twoLoops))
        .contains("on several loops\n", "recent events of three\n", "recent events of four\n");
  }
}
