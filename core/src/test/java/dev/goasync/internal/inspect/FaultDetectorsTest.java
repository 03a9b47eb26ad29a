package dev.goasync.internal.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.inspect.FaultyCode;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.task.SharedSecrets;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.sync.Event;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.Fifo;
import dev.goasync.testkit.FirstLogged;
import dev.goasync.testkit.Modes;
import dev.goasync.testkit.NoLeaks;
import dev.goasync.testkit.Waiting;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The detectors name the line that starves, blocks, leaks; the tests are their thread and clock.
 */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class FaultDetectorsTest {
  private static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(100);
  private static final String PLACE = "dev.goasync.inspect.FaultyCode.";

  @RegisterExtension final FirstLogged logged = new FirstLogged();

  private final EventLoop events = EventLoop.start("watched");
  private final Loop loop = SharedSecrets.get().loopOf(events);
  private final List<Task<?>> accepting = new ArrayList<>();
  private final Event release = Event.manualReset(events);

  @AfterEach
  void close() {
    loop.executeQuietly(release::set);
    events.closeNow();
  }

  private String sampleUntilLogged(Detector detector) {
    for (long now = 0; !logged.message().isDone(); now += LIMIT) {
      detector.sample(List.of(loop), now);
      Thread.onSpinWait();
      assertThat(Thread.currentThread().isInterrupted()).as("the time is over").isFalse();
    }
    return logged.message().join();
  }

  // ---- starvation ----

  @Test
  void aTaskThatIsReadyButDoesNotRunIsReportedWithTheCodeThatRuns() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    FaultyCode.starve(events, begun, end);
    begun.await();
    try {
      StarvationDetector detector = new StarvationDetector(LIMIT);
      detector.sample(List.of(loop), 0); // the probe
      detector.sample(List.of(loop), 1); // remembers what is ready
      detector.sample(List.of(loop), LIMIT);
      assertThat(logged.message()).as("before the limit").isNotDone();
      detector.sample(List.of(loop), LIMIT + 1);
      assertThat(logged.message().getNow("nothing"))
          .startsWith("loop watched has not run 2 coroutines that have been ready for more than")
          .contains("100 ms, for example task \"first\" started at " + PLACE)
          .contains("; meanwhile task \"greedy\" started at ", " ran at " + PLACE + "spinUntil(");
    } finally {
      end.countDown();
    }
    assertThat(events.dump().findings())
        .anyMatch(each -> each.contains("loop watched has not run"));
  }

  @Test
  void aLoopThatRunsItsTasksInTurnStarvesNone() {
    StarvationDetector detector = new StarvationDetector(LIMIT);
    Task<?> first = events.goAsync(FaultDetectorsTest::yieldForever);
    Task<?> second = events.goAsync(FaultDetectorsTest::yieldForever);
    for (int i = 0; i < 20; i++) {
      detector.sample(List.of(loop), i * LIMIT);
      events.goAsync(() -> 1).await();
    }
    assertThat(logged.message()).isNotDone();
    first.cancel("over");
    second.cancel("over");
  }

  private static void yieldForever() {
    while (true) {
      GoAsync.yield();
    }
  }

  // ---- blocking calls ----

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "needs a named pipe")
  void aReadOfAFileByTheJdkIsReportedWithItsLine(@TempDir Path directory) throws Exception {
    Path fifo = Fifo.make(directory.resolve("fifo"));
    Task<?> reader = events.goAsync("reader", () -> FaultyCode.readByJdk(fifo));
    String message;
    try {
      message = sampleUntilLogged(new BlockingCallDetector(LIMIT));
    } finally {
      new FileOutputStream(fifo.toFile()).close();
    }
    reader.await();
    assertThat(message)
        .startsWith("task \"reader\" ")
        .contains(" blocks loop watched by java.io.FileInputStream.<init>, at " + PLACE)
        .contains("readByJdk(", "; use AsyncFile or AsyncFiles, or GoAsync.offload\n    for ");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "runs cat")
  void aReadOfAChildsOutputByTheJdkIsReported() throws Exception {
    Process child = new ProcessBuilder("cat").start();
    Task<?> reader = events.goAsync("reader", () -> FaultyCode.readOutput(child));
    String message;
    try {
      message = sampleUntilLogged(new BlockingCallDetector(LIMIT));
    } finally {
      child.getOutputStream().close();
    }
    reader.await();
    assertThat(message)
        .contains(" blocks loop watched by java.", PLACE + "readOutput(")
        .contains("; use AsyncProcess, which Command starts");
    assertThat(child.waitFor()).isZero();
  }

  @Test
  void aMonitorThatAnotherThreadHoldsIsReportedInPortableMode() throws Exception {
    Modes.assumePortableMode("a coroutine that waits for a monitor leaves the loop");
    Object monitor = new Object();
    Task<?> waiting;
    String message;
    synchronized (monitor) {
      waiting = events.goAsync("waiting", () -> FaultyCode.enter(monitor));
      message = sampleUntilLogged(new BlockingCallDetector(LIMIT));
    }
    waiting.await();
    assertThat(message)
        .startsWith("task \"waiting\" ")
        .contains(" by a monitor that another thread holds, at " + PLACE + "enter(")
        .contains("; use dev.goasync.sync.Mutex\n");
  }

  @Test
  void callsOfTheJdkHaveTheirReplacements() {
    assertThat(replacementOf("java.net.Inet6AddressImpl", "java.net.InetAddress"))
        .isEqualTo("java.net.InetAddress.call -> HostNames, or AsyncSocket with a host name");
    assertThat(replacementOf("sun.nio.ch.UnixFileDispatcherImpl", "sun.nio.ch.FileChannelImpl"))
        .contains("FileChannelImpl.call -> AsyncFile");
    assertThat(replacementOf("sun.nio.fs.UnixNativeDispatcher", "java.nio.file.Files"))
        .contains("java.nio.file.Files.call -> AsyncFile");
    assertThat(replacementOf("java.util.TreeMap", "java.util.HashMap"))
        .as("no blocking call")
        .isEqualTo("none");
    StackTraceElement[] ofLibrary = {frame("sun.nio.fs.Linux"), frame("dev.goasync.internal.X")};
    assertThat(BlockingCalls.find(ofLibrary, Thread.State.RUNNABLE)).isNull();
  }

  private static StackTraceElement frame(String type) {
    return new StackTraceElement(type, "call", "X.java", 1);
  }

  private static String replacementOf(String innermost, String called) {
    StackTraceElement[] stack = {frame(innermost), frame(called), frame("app.Main"), frame("x.Y")};
    BlockingCalls.Call call = BlockingCalls.find(stack, Thread.State.RUNNABLE);
    assertThat(call == null ? "app.Main.call(X.java:1)" : call.place())
        .isEqualTo("app.Main.call(X.java:1)");
    return call == null ? "none" : call.name() + " -> " + call.replacement();
  }

  @Test
  void codeThatComputesIsNoBlockingCall() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    events.goAsync(() -> {
      begun.countDown();
      FaultyCode.spinUntil(end);
    });
    begun.await();
    BlockingCallDetector detector = new BlockingCallDetector(LIMIT);
    for (int i = 0; i < 5; i++) {
      detector.sample(List.of(loop), i * LIMIT);
    }
    end.countDown();
    assertThat(logged.message()).isNotDone();
  }

  // ---- a close that takes too long ----

  @Test
  void aCloseThatTakesTooLongIsLoggedOnceWithADump() throws Exception {
    events.goAsync("stubborn", () -> GoAsync.shielded(() -> release.await()));
    events.goAsync(() -> 1).await();
    CloseDetector detector = new CloseDetector(LIMIT);
    detector.sample(List.of(loop), -LIMIT);
    Thread closer = Thread.ofPlatform().start(events::close);
    Waiting.until(loop::isClosing);
    detector.sample(List.of(loop), 0);
    detector.sample(List.of(loop), LIMIT - 1);
    assertThat(logged.message()).as("before the limit").isNotDone();
    detector.sample(List.of(loop), LIMIT);
    events.execute(release::set);
    closer.join();
    assertThat(logged.message().getNow("nothing"))
        .startsWith(
            "the close of loop watched has taken more than 100 ms: it waits for 1 coroutine\n")
        .contains("  loop watched, closing\n", "task \"stubborn\" started at ")
        .contains("waits for event@", "shielded from cancels");
  }

  // ---- growth ----

  private void sampleWindow(GrowthDetector detector) {
    for (int i = 0; i < GrowthDetector.SAMPLES; i++) {
      detector.sample(List.of(loop), i);
    }
  }

  @Test
  void operationsThatOnlyGrowAreReportedWithTheirTasks() throws Exception {
    GrowthDetector detector = new GrowthDetector(2);
    List<AsyncServerSocket> servers = new ArrayList<>();
    sampleWindow(detector);
    acceptForever(servers, 1);
    sampleWindow(detector);
    assertThat(logged.message()).as("one window").isNotDone();
    acceptForever(servers, 3);
    sampleWindow(detector);
    assertThat(logged.message().getNow("nothing"))
        .startsWith("operations in flight of loop watched have grown without a pause for 20 s, ")
        .contains("from 0 to 4; most of them are waits for ")
        .contains(" of tasks started at " + PLACE + "acceptLater(", ", 3 more");
    events.goAsync(() -> closeAll(servers)).await();
  }

  private void acceptForever(List<AsyncServerSocket> servers, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      AsyncServerSocket server = events.goAsync(FaultDetectorsTest::listen).await();
      servers.add(server);
      accepting.add(FaultyCode.acceptLater(events, server));
    }
    events.goAsync(() -> Waiting.forATurn()).await();
  }

  private static AsyncServerSocket listen() throws IOException {
    return AsyncServerSocket.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private void closeAll(List<AsyncServerSocket> servers) throws IOException {
    accepting.forEach(each -> each.cancel("over"));
    Waiting.forATurn();
    for (AsyncServerSocket server : servers) {
      server.close();
    }
  }

  @Test
  void aCountThatFallsInBetweenIsNotReported() throws Exception {
    GrowthDetector detector = new GrowthDetector(2);
    List<AsyncServerSocket> servers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      acceptForever(servers, 1);
      sampleWindow(detector);
      acceptForever(servers, 1);
      sampleWindow(detector);
      events.goAsync(() -> closeAll(servers)).await();
      servers.clear();
    }
    assertThat(logged.message()).isNotDone();
  }

  @Test
  void descriptorsThatOnlyGrowAreReportedWithTheLineThatOpensThem() throws Exception {
    String out = ChildJvm.run(LeakProgram.class, "-Dgoasync.growthLimit=2").assertSuccess().out();
    assertThat(out)
        .contains("GrowthDetector@")
        .contains("open files, sockets and pipes have grown without a pause for 20 s, from 1 to 7")
        .contains("most of them were opened at " + PLACE + "leak(")
        .contains(", 3 more");
  }

  static final class LeakProgram {
    private LeakProgram() {}

    public static void main(String[] args) throws Exception {
      System.out.println(Watch.wanted());
      List<AsyncSocket> kept = new ArrayList<>();
      GrowthDetector detector = new GrowthDetector(2);
      try (AsyncServerSocket server = listen()) {
        for (int i = 0; i < 3; i++) {
          for (int sample = 0; sample < GrowthDetector.SAMPLES; sample++) {
            detector.sample(List.of(), sample);
          }
          for (int socket = 0; socket < 3; socket++) {
            kept.add(FaultyCode.leak(server.localAddress()));
          }
        }
      }
      System.out.println(GoAsync.dump().findings());
      for (AsyncSocket socket : kept) {
        socket.close();
      }
    }
  }

  // ---- the options ----

  @Test
  void eachOptionStartsItsDetector() throws Exception {
    String err =
        ChildJvm.run(
                OptionsProgram.class,
                "-Dgoasync.starvationMillis=20",
                "-Dgoasync.blockingCallMillis=20",
                "-Dgoasync.longCloseMillis=20")
            .assertSuccess()
            .err();
    assertThat(err)
        .contains("loop main loop has not run a coroutine that has been ready for more than 20 ms")
        .contains(" blocks loop main loop by java.")
        .contains("the close of loop main loop has taken more than 20 ms");
  }

  static final class OptionsProgram {
    private OptionsProgram() {}

    /** Ends when each detector has found its fault. */
    public static void main(String[] args) throws Exception {
      EventLoop loop = EventLoop.start("main loop");
      loop.goAsync(() -> {
        GoAsync.goAsync("starved", () -> 1);
        spinUntilFound("has not run");
      });
      Process child = new ProcessBuilder("cat").start();
      loop.goAsync(() -> FaultyCode.readOutput(child));
      spinUntilFound("blocks loop");
      child.getOutputStream().close();
      Event release = Event.manualReset(loop);
      loop.goAsync(() -> release.await());
      Thread closer = Thread.ofPlatform().start(loop::close);
      spinUntilFound("the close of");
      loop.execute(release::set);
      closer.join();
    }

    private static void spinUntilFound(String part) {
      while (Detected.latest().stream().noneMatch(each -> each.contains(part))) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void dumpsHaveTheLastFaultsNewestFirst() {
    for (int i = 0; i < 3; i++) {
      Detected.report("a kind", "a place", "a fault", "\n    details", i);
    }
    Detected.report("a kind", "another place", "a later fault", "", 3);
    assertThat(Detected.latest())
        .startsWith("a later fault", "a fault (found 3 times)")
        .size()
        .isLessThanOrEqualTo(20);
    assertThat(logged.message().getNow("")).isEqualTo("a fault\n    details");
  }

  @Test
  void noOptionStartsNoDetector() {
    assertThat(Watch.wanted()).isEmpty();
    assertThat(Duration.ofNanos(new GrowthDetector(2).intervalNanos())).hasSeconds(1);
  }
}
