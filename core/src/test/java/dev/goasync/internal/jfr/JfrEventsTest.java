package dev.goasync.internal.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.internal.loop.Tracer;
import dev.goasync.internal.task.SharedSecrets;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.process.Command;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.TestIdentity;
import dev.goasync.tls.TlsStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jfr.EventType;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that the flight recorder of the JDK records, and what the recordings contain. */
@Timeout(120)
final class JfrEventsTest {
  private static final String PREFIX = "dev.goasync.";
  private static final Path SETTINGS = Path.of("src/main/resources/dev/goasync/goasync.jfc");

  @TempDir Path directory;

  // ---- with the JDK's own settings ----

  @Test
  void theOptionOfTheJdkIsEnough() throws Exception {
    Path file = directory.resolve("recording.jfr");
    ChildJvm.run(
            EachEvent.class,
            "-XX:StartFlightRecording:filename=" + file,
            "-Dgoasync.longTurnMillis=20")
        .assertSuccess();
    Map<String, List<RecordedEvent>> events = read(file);

    RecordedEvent read = only(events, "Suspend", "reader");
    assertThat(read.getString("operation")).contains(" from /127.0.0.1:");
    if (!GoAsync.describe().contains("nio")) { // whose channels have no numbers
      assertThat(read.getInt("descriptor")).isPositive();
    }
    assertThat(read.getDuration()).isGreaterThan(Duration.ofMillis(20));
    assertThat(read.getString("start")).contains("JfrEventsTest$EachEvent.");
    assertThat(read.getThread().getJavaName()).isEqualTo("reader");
    assertThat(read.getStackTrace().getFrames().toString()).contains("AsyncSocket");

    assertThat(only(events, "Task", "reader").getString("outcome")).isEqualTo("completed");
    assertThat(only(events, "Task", "failing").getString("outcome")).isEqualTo("failed");
    assertThat(only(events, "Task", "failing").getString("failure")).contains("planted");
    assertThat(only(events, "Task", "cancelled").getString("outcome")).isEqualTo("cancelled");
    assertThat(only(events, "Cancel", "cancelled").getString("reason")).isEqualTo("enough");
    assertThat(only(events, "Deadline", "limited").getString("reason")).contains("PT0.03S");
    assertThat(only(events, "Offload", "offloading").getDuration())
        .isGreaterThan(Duration.ofMillis(20));

    assertThat(events.get("Turn"))
        .anySatisfy(turn -> assertThat(turn.getDuration()).isGreaterThan(Duration.ofMillis(20)));
    assertThat(events.get("Stall"))
        .anySatisfy(stall -> assertThat(stall.getString("task")).contains("spinning"));
    assertThat(events.get("TlsHandshake")).hasSize(2);
    assertThat(first(events, "TlsHandshake").getString("protocol")).isEqualTo("TLSv1.3");
    assertThat(first(events, "ProcessStart").getString("command")).startsWith("sh -c");
    assertThat(first(events, "ProcessExit").getInt("exitCode")).isEqualTo(3);
    assertThat(events).containsKey("LoopStatistics").doesNotContainKey("TaskStart");
  }

  /** Makes each event happen. */
  static final class EachEvent {
    private static final ByteArrayOutputStream PRINTED = new ByteArrayOutputStream();

    private EachEvent() {}

    public static void main(String[] args) throws Exception {
      System.setErr(new PrintStream(PRINTED, true, StandardCharsets.UTF_8));
      Task<?> failing = GoAsync.goAsync("failing", EachEvent::fail);
      assertThat(catchThrowable(failing::await)).hasMessageContaining("planted");
      Task<?> cancelled = GoAsync.goAsync("cancelled", () -> GoAsync.sleep(Duration.ofHours(1)));
      pauseWhileWaiting("cancelled");
      cancelled.cancel("enough");
      assertThat(catchThrowable(cancelled::await)).isNotNull();
      Task<?> limited = GoAsync.goAsync("limited", EachEvent::exceedLimit);
      assertThat(catchThrowable(limited::await)).isNotNull();
      GoAsync.goAsync("offloading", () -> GoAsync.offload(EachEvent::pause)).await();
      GoAsync.goAsync("spinning", EachEvent::spin).await();
      try (var process = Command.of("sh", "-c", "exit 3").start()) {
        process.await();
      }
      readSlowly();
      shakeHands();
      awaitStatistics();
    }

    /** Statistics are written each second, and only of loops that run. */
    private static void awaitStatistics() throws InterruptedException {
      Task<?> kept = GoAsync.goAsync(() -> GoAsync.sleep(Duration.ofHours(1)));
      CountDownLatch seen = new CountDownLatch(1);
      try (var stream = new RecordingStream()) {
        stream.enable("dev.goasync.LoopStatistics");
        stream.onEvent("dev.goasync.LoopStatistics", _ -> seen.countDown());
        stream.startAsync();
        seen.await();
      }
      kept.cancel("seen");
    }

    private static void fail() {
      GoAsync.sleep(Duration.ofMillis(40));
      throw new IllegalStateException("planted");
    }

    private static void exceedLimit() {
      GoAsync.withTimeout(Duration.ofMillis(30), () -> GoAsync.sleep(Duration.ofHours(1)));
    }

    /** Blocks the current thread for longer than any threshold. */
    private static void pause() {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(40);
      for (long left = 1; left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }

    /** Blocks the current thread while a task waits. */
    private static void pauseWhileWaiting(String task) {
      while (GoAsync.dump().loops().stream()
          .flatMap(loop -> loop.tasks().stream())
          .noneMatch(each -> task.equals(each.name()) && each.waitsFor() != null)) {
        Thread.onSpinWait();
      }
      pause();
    }

    /** Keeps the loop busy until the detector has logged it. */
    private static void spin() {
      while (!PRINTED.toString(StandardCharsets.UTF_8).contains("EachEvent.spin(")) {
        Thread.onSpinWait();
      }
    }

    private static void readSlowly() throws IOException {
      try (var listener = AsyncServerSocket.listen(loopback());
          var client = AsyncSocket.connect(listener.localAddress());
          var server = listener.accept()) {
        Task<?> reader =
            GoAsync.goAsync(
                "reader",
                () -> {
                  var _ = client.readLine();
                });
        pauseWhileWaiting("reader");
        server.writeAll("late\n");
        reader.await();
      }
    }

    private static void shakeHands() throws Exception {
      TestIdentity identity = TestIdentity.of("localhost");
      try (var listener = AsyncServerSocket.listen(loopback());
          var client = AsyncSocket.connect(listener.localAddress());
          var server = listener.accept();
          var ofClient = TlsStream.client(client, identity.trustingContext(), "localhost", 443);
          var ofServer = TlsStream.server(server, identity.context())) {
        Task<?> beside = GoAsync.goAsync(ofServer::handshake);
        ofClient.handshake();
        beside.await();
      }
    }

    private static InetSocketAddress loopback() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
  }

  // ---- a recording that begins while the program runs ----

  @Test
  void aRecordingCanBeginWhileTheProgramRuns() throws Exception {
    Path file = directory.resolve("later.jfr");
    ChildJvm.run(RecordedLater.class, "-Dtest.file=" + file, "-Dtest.disk=true").assertSuccess();
    assertThat(only(read(file), "Task", "late").getString("outcome")).isEqualTo("completed");
  }

  /** Such a recording is found by a loop that has made some turns. */
  @Test
  void aRecordingInMemoryIsFound() throws Exception {
    Path file = directory.resolve("memory.jfr");
    ChildJvm.run(RecordedLater.class, "-Dtest.file=" + file, "-Dtest.disk=false").assertSuccess();
    assertThat(only(read(file), "Task", "late").getString("outcome")).isEqualTo("completed");
  }

  /** Has jcmd record it. */
  static final class RecordedLater {
    private RecordedLater() {}

    public static void main(String[] args) throws Exception {
      EventLoop loop = EventLoop.start();
      for (int i = 0; i < 300; i++) {
        loop.goAsync(() -> 1).await();
      }
      jcmd("JFR.start", "name=test", "disk=" + System.getProperty("test.disk"));
      while (Tracer.of(SharedSecrets.get().loopOf(loop)) == null) {
        loop.goAsync(() -> 1).await();
      }
      loop.goAsync("late", () -> GoAsync.sleep(Duration.ofMillis(40))).await();
      jcmd("JFR.dump", "name=test", "filename=" + System.getProperty("test.file"));
    }

    private static void jcmd(String... arguments) throws IOException {
      List<String> words = new ArrayList<>();
      words.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
      words.add(Long.toString(ProcessHandle.current().pid()));
      words.addAll(List.of(arguments));
      Command.of(words).run().orThrow();
    }
  }

  // ---- the file of settings ----

  @Test
  void theFileOfSettingsRecordsShortEventsToo() throws Exception {
    Path file = directory.resolve("all.jfr");
    ChildJvm.run(
            ShortTasks.class,
            "-XX:StartFlightRecording:settings=" + SETTINGS.toAbsolutePath() + ",filename=" + file)
        .assertSuccess();
    Map<String, List<RecordedEvent>> events = read(file);
    assertThat(events).containsKeys("TaskStart", "Task", "Suspend", "Turn");
    assertThat(only(events, "Suspend", "short").getString("operation")).isEqualTo("a timer");
  }

  static final class ShortTasks {
    private ShortTasks() {}

    public static void main(String[] args) {
      GoAsync.goAsync("short", () -> GoAsync.sleep(Duration.ofNanos(1))).await();
    }
  }

  @Test
  void theFileOfSettingsNamesEachEvent() throws Exception {
    var named = new TreeSet<String>();
    Matcher names =
        Pattern.compile("<event name=\"([^\"]*)\">").matcher(Files.readString(SETTINGS));
    while (names.find()) {
      named.add(names.group(1));
    }
    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            List.of(
                    TaskEvents.TaskStart.class,
                    TaskEvents.TaskRun.class,
                    TaskEvents.Suspend.class,
                    TaskEvents.Cancel.class,
                    TaskEvents.Deadline.class,
                    LoopEvents.Separator.class,
                    LoopEvents.Turn.class,
                    LoopEvents.Stall.class,
                    LoopEvents.Statistics.class,
                    ResourceEvents.Offload.class,
                    ResourceEvents.TlsHandshake.class,
                    ResourceEvents.ProcessStart.class,
                    ResourceEvents.ProcessExit.class)
                .stream()
                .map(type -> type.getAnnotation(jdk.jfr.Name.class).value())
                .toList());
  }

  // ---- without a recording ----

  @Test
  void withoutARecordingNoClassOfJfrIsLoaded() throws Exception {
    String out =
        ChildJvm.run(ShortTasks.class, "-Xlog:class+load", "-Xshare:off").assertSuccess().out();
    assertThat(out.lines().filter(line -> line.contains("dev.goasync.internal.loop.Loop ")))
        .as("the log has the classes of the program")
        .isNotEmpty();
    assertThat(
            out.lines()
                .filter(line -> line.contains(" jdk.jfr.") || line.contains("internal.loop.Trac")))
        .isEmpty();
  }

  @Test
  void theModuleOfJfrMayBeMissing() throws Exception {
    ChildJvm.run(ManyTurns.class, "--limit-modules=java.base,jdk.unsupported").assertSuccess();
  }

  static final class ManyTurns {
    private ManyTurns() {}

    public static void main(String[] args) {
      for (int i = 0; i < 1000; i++) {
        GoAsync.goAsync(() -> 1).await();
      }
    }
  }

  // ---- helpers ----

  private static Map<String, List<RecordedEvent>> read(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith(PREFIX))
        .collect(
            Collectors.groupingBy(
                event -> nameOf(event.getEventType()), TreeMap::new, Collectors.toList()));
  }

  private static String nameOf(EventType type) {
    return type.getName().substring(PREFIX.length());
  }

  private static RecordedEvent first(Map<String, List<RecordedEvent>> events, String kind) {
    return events.getOrDefault(kind, List.of()).getFirst();
  }

  /** The one event of the kind and the task. */
  private static RecordedEvent only(
      Map<String, List<RecordedEvent>> events, String kind, String task) {
    List<RecordedEvent> ofTask =
        events.getOrDefault(kind, List.of()).stream()
            .filter(event -> task.equals(event.getString("task")))
            .toList();
    assertThat(ofTask).as("%s of %s in %s", kind, task, events).hasSize(1);
    return ofTask.getFirst();
  }
}
