package dev.goasync.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Event;
import dev.goasync.testkit.Json;
import dev.goasync.testkit.NoLeaks;
import dev.goasync.testkit.Waiting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A dump contains what each coroutine does and waits for. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class DumpTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final EventLoop loop = EventLoop.start("inspected");
  private final Event release = Event.manualReset(loop);

  @AfterEach
  void close() {
    release.set();
    loop.closeNow();
  }

  /** Returns when the tasks that were started before have run until their first waits. */
  private void settle() {
    loop.goAsync(() -> 1).await();
  }

  private LoopDump dump() {
    settle();
    return loop.dump().loops().getFirst();
  }

  private static TaskDump named(LoopDump dump, String name) {
    return dump.tasks().stream()
        .filter(task -> name.equals(task.name()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no task " + name + " in " + dump));
  }

  private static WaitDump waitOf(LoopDump dump, String name) {
    return Objects.requireNonNull(named(dump, name).waitsFor());
  }

  @Test
  void timerHasTheTimeThatIsLeft() {
    loop.goAsync("sleeper", () -> GoAsync.sleep(HOUR));
    TaskDump sleeper = named(dump(), "sleeper");
    WaitDump wait = Objects.requireNonNull(sleeper.waitsFor());
    assertThat(sleeper.state()).isEqualTo(TaskDump.State.WAITING);
    assertThat(wait.what()).isEqualTo("a timer");
    assertThat(wait.left()).isBetween(Duration.ofMinutes(58), HOUR);
    assertThat(sleeper.start()).contains("DumpTest.timerHasTheTimeThatIsLeft");
    assertThat(sleeper.place()).contains("DumpTest.lambda$timerHasTheTimeThatIsLeft");
  }

  @Test
  void receiveHasItsPeer() throws Exception {
    try (AsyncServerSocket server =
            AsyncServerSocket.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        AsyncSocket client = AsyncSocket.connect(server.localAddress());
        AsyncSocket accepted = server.accept()) {
      Task<?> reader =
          loop.goAsync(
              "reader",
              () -> {
                var _ = client.readLine();
              });
      Waiting.until(() -> named(dump(), "reader").waitsFor() != null);
      String peer = String.valueOf(accepted.localAddress());
      WaitDump wait = waitOf(dump(), "reader");
      assertThat(wait.subject()).contains(peer);
      assertThat(wait.what()).contains(peer);
      assertThat(wait.kind()).doesNotContain(peer);
      assertThat(dump().inFlight()).isPositive();
      reader.cancel("done");
      assertThat(catchThrowable(reader::await)).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void tasksOfAScopeStandBelowItsCoroutine() {
    loop.goAsync(
        "owner",
        () ->
            TaskScope.<Integer, RuntimeException>run(scope -> {
              scope.goAsync("child", () -> sleepAndReturn());
              return 1;
            }));
    settle();
    LoopDump dump = dump();
    TaskDump owner = named(dump, "owner");
    TaskDump child = named(dump, "child");
    assertThat(child.parent()).isEqualTo(owner.id());
    assertThat(Objects.requireNonNull(owner.waitsFor()).blockers()).containsExactly(child.id());
    assertThat(dump.toString())
        .containsPattern("\n  #\\d+ task \"owner\".*\n.*\n    #\\d+ task \"child\"");
  }

  private static int sleepAndReturn() {
    GoAsync.sleep(HOUR);
    return 1;
  }

  @Test
  void deadlineShieldAndCancelAreShown() {
    loop.goAsync("limited", () -> GoAsync.withTimeout(HOUR, DumpTest::sleepAndReturn));
    Task<?> shielded = loop.goAsync("shielded", () -> GoAsync.shielded(() -> release.await()));
    settle();
    shielded.cancel("no longer needed");
    LoopDump dump = dump();
    assertThat(named(dump, "limited").deadline()).isBetween(Duration.ofMinutes(58), HOUR);
    assertThat(named(dump, "limited").shielded()).isFalse();
    assertThat(named(dump, "shielded").shielded()).isTrue();
    assertThat(named(dump, "shielded").cancel()).isEqualTo("no longer needed");
  }

  @Test
  void offloadHasTheLineOfItsThread() throws Exception {
    Channel<Integer> never = Channel.rendezvous(loop);
    loop.goAsync("offloading", () -> GoAsync.offload(() -> never.receive()));
    Waiting.until(() -> {
      WaitDump wait = named(dump(), "offloading").waitsFor();
      return wait != null && wait.threadPlace() != null;
    });
    WaitDump wait = waitOf(dump(), "offloading");
    assertThat(wait.thread()).startsWith("goasync-offload-");
    assertThat(wait.threadPlace()).contains("DumpTest.lambda$offloadHasTheLineOfItsThread");
    never.close();
  }

  @Test
  void coroutineThatIsReadyOrHasNotBegunIsShown() throws Exception {
    Dump dump =
        loop.goAsync(
                () -> {
                  loop.goAsync("new", () -> 1);
                  return GoAsync.sync(() -> loop.dump());
                })
            .await();
    assertThat(named(dump.loops().getFirst(), "new").state()).isEqualTo(TaskDump.State.STARTING);
  }

  @Test
  void coroutineMayDumpItsOwnLoop() {
    Dump dump = loop.goAsync("dumper", () -> GoAsync.dump()).await();
    LoopDump own =
        dump.loops().stream().filter(each -> each.name().equals("inspected")).findFirst().get();
    assertThat(own.answered()).isTrue();
    assertThat(waitOf(own, "dumper").what()).isEqualTo("a dump");
  }

  @Test
  void loopOfACallerIsIncluded() {
    try (EventLoop own = EventLoop.onCurrentThread()) {
      Task<?> task = own.goAsync("on the caller", () -> GoAsync.sleep(HOUR));
      LoopDump dump =
          GoAsync.dump().loops().stream()
              .filter(each -> each.name().equals(own.name()))
              .findFirst()
              .orElseThrow();
      assertThat(dump.answered()).isTrue();
      task.cancel("done");
    }
  }

  @Test
  void threadThatWaitsForALoopIsListed() throws Exception {
    Channel<Integer> never = Channel.rendezvous(loop);
    Thread thread = Thread.ofPlatform().name("waiting thread").start(() -> receive(never));
    Waiting.until(() ->
        GoAsync.dump().threads().stream()
            .anyMatch(each ->
                each.name().equals("waiting thread")
                    && "inspected".equals(each.loop())
                    && String.valueOf(each.place()).contains("DumpTest.receive")));
    never.close();
    thread.join();
  }

  private static void receive(Channel<Integer> channel) {
    for (int ignored : channel) {
      throw new AssertionError("a value: " + ignored);
    }
  }

  @Test
  void manyCoroutinesAreGroupedWithExamples() {
    for (int i = 0; i < 20; i++) {
      loop.goAsync(() -> GoAsync.sleep(HOUR));
    }
    settle();
    LoopDump dump = loop.dump(DumpOptions.standard().withMaxTasks(10)).loops().getFirst();
    assertThat(dump.coroutines()).isEqualTo(20);
    assertThat(dump.groups()).hasSize(1);
    TaskGroup group = dump.groups().getFirst();
    assertThat(group.count()).isEqualTo(20);
    assertThat(group.waitsFor()).isEqualTo("a timer");
    assertThat(group.toString())
        .startsWith("20 tasks started at ")
        .contains("DumpTest.manyCoroutinesAreGroupedWithExamples")
        .endsWith(" waiting for a timer");
    assertThat(dump.tasks()).hasSize(3).extracting(TaskDump::id).contains(group.example());
    assertThat(dump.toString()).contains("  groups\n    20 tasks started at ");
  }

  @Test
  void stacksAreAddedOnDemand() {
    loop.goAsync("sleeper", () -> GoAsync.sleep(HOUR));
    assertThat(named(dump(), "sleeper").stack()).isEmpty();
    Dump dump = loop.dump(DumpOptions.standard().withStacks());
    assertThat(named(dump.loops().getFirst(), "sleeper").stack())
        .anyMatch(frame -> frame.getMethodName().equals("sleep"));
    assertThat(dump.toString()).contains("        at dev.goasync.GoAsync.sleep(");
  }

  @Test
  @SuppressWarnings("unchecked")
  void jsonHasTheSameContent() {
    loop.goAsync("a \"name\"\n</script>", () -> GoAsync.sleep(HOUR));
    settle();
    Dump dump = loop.dump();
    String text = dump.toJson();
    assertThat(text).doesNotContain("<").doesNotContain("\n");
    var json = (Map<String, Object>) Objects.requireNonNull(Json.parse(text));
    var loops = (List<Map<String, Object>>) Objects.requireNonNull(json.get("loops"));
    var tasks = (List<Map<String, Object>>) Objects.requireNonNull(loops.getFirst().get("tasks"));
    assertThat(tasks.getFirst())
        .containsEntry("name", "a \"name\"\n</script>")
        .containsEntry("state", "WAITING")
        .containsEntry("shielded", false)
        .containsEntry("deadline", null);
    var wait = (Map<String, Object>) Objects.requireNonNull(tasks.getFirst().get("waitsFor"));
    assertThat((double) Objects.requireNonNull(wait.get("left"))).isBetween(3500.0, 3600.0);
  }

  @Test
  void optionsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DumpOptions.standard().withMaxTasks(-1))
        .withMessage("maxTasks is negative: -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DumpOptions.standard().withPatience(Duration.ofSeconds(-1)))
        .withMessage("patience is negative: PT-1S");
  }
}
