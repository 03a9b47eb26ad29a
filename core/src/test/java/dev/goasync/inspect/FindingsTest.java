package dev.goasync.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Action;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.sync.Event;
import dev.goasync.sync.Mutex;
import dev.goasync.testkit.NoLeaks;
import dev.goasync.testkit.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The findings of a dump name the line to change for faults that were planted. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class FindingsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final EventLoop one = EventLoop.start("one");
  private final EventLoop two = EventLoop.start("two");
  private final Event release = Event.manualReset(one);

  @AfterEach
  void close() {
    release.set();
    one.closeNow();
    two.closeNow();
  }

  private void settle() {
    for (int i = 0; i < 3; i++) {
      one.goAsync(() -> 1).await();
      two.goAsync(() -> 1).await();
    }
  }

  private static String onlyFinding(Dump dump, String part) {
    List<String> found =
        dump.findings().stream().filter(finding -> finding.contains(part)).toList();
    assertThat(found).as("findings with %s in %s", part, dump).hasSize(1);
    return found.getFirst();
  }

  @Test
  void holderOfALockForWhichTasksOfTwoLoopsWait() {
    Mutex lock = new Mutex(one);
    one.goAsync("holder", () -> lock.withLock(() -> GoAsync.sleep(HOUR)));
    settle();
    for (int i = 0; i < 4; i++) {
      one.goAsync(() -> lock.withLock(() -> {}));
    }
    two.goAsync(() -> lock.withLock(() -> {}));
    Task<?> indirect = one.goAsync("last waiter", () -> lock.withLock(() -> {}));
    two.goAsync(() -> indirect.await());
    settle();
    assertThat(onlyFinding(GoAsync.dump(), "tasks wait for"))
        .startsWith("7 tasks wait for " + lock + " and need task \"holder\" started at ")
        .contains("FindingsTest.holderOfALock")
        .contains("which waits for a timer that fires in 35")
        .contains(", at dev.goasync.inspect.FindingsTest.lambda$holderOfALock");
  }

  /** The time limits keep the library from throwing a DeadlockException. */
  @Test
  void cycleOverTwoLoops() {
    Mutex left = new Mutex(one);
    Mutex right = new Mutex(two);
    Event bothLocked = Event.manualReset(one);
    one.goAsync("first", () -> GoAsync.withTimeout(HOUR, inOrder(left, right, bothLocked)));
    two.goAsync("second", () -> GoAsync.withTimeout(HOUR, inOrder(right, left, bothLocked)));
    settle();
    bothLocked.set();
    settle();
    assertThat(onlyFinding(GoAsync.dump(), "cycle"))
        .startsWith("cycle of 2 waits: task \"")
        .contains("task \"first\" started at ", "waits for " + right + ", held by task \"second\"")
        .contains("task \"second\" started at ", "waits for " + left + ", held by task \"first\"")
        .contains("FindingsTest.lambda$inOrder")
        .endsWith("; this needs the first");
  }

  private static Action<RuntimeException> inOrder(Mutex outer, Mutex inner, Event locked) {
    return () ->
        outer.withLock(() -> {
          locked.await();
          inner.withLock(() -> {});
        });
  }

  @Test
  void scopeThatWaitsForAShieldedTask() {
    Task<?> scope =
        one.goAsync(
            "scope",
            () ->
                TaskScope.<Integer, RuntimeException>run(tasks -> {
                  tasks.goAsync("stubborn", this::sleepBehindAShield);
                  return 1;
                }));
    settle();
    scope.cancel("not needed any more");
    settle();
    Dump dump = GoAsync.dump();
    assertThat(onlyFinding(dump, "1 task waits for the tasks of a scope"))
        .contains("needs task \"stubborn\"")
        .contains("FindingsTest.lambda$sleepBehindAShield$")
        .endsWith("cancelled: not needed any more, shielded from cancels");
    assertThat(onlyFinding(dump, "a cancel has not ended task \"stubborn\""))
        .contains("FindingsTest.lambda$sleepBehindAShield$");
  }

  private int sleepBehindAShield() {
    return GoAsync.shielded(() -> {
      release.await();
      return 1;
    });
  }

  @Test
  void coroutineThatBlocksItsLoop() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    one.goAsync("patient", () -> GoAsync.sleep(HOUR));
    one.goAsync("blocking", () -> blockLoop(begun, end));
    begun.await();
    try {
      Dump dump = one.dump(DumpOptions.standard().withPatience(Duration.ZERO));
      assertThat(onlyFinding(dump, "does not answer"))
          .startsWith("loop one does not answer: task \"blocking\" started at ")
          .contains(" blocks its thread, at dev.goasync.inspect.FindingsTest.blockLoop(");
      LoopDump loop =
          dump.loops().stream().filter(each -> each.name().equals("one")).findFirst().get();
      assertThat(loop.answered()).isFalse();
      assertThat(loop.tasks()).extracting(TaskDump::name).contains("patient", "blocking");
      assertThat(loop.tasks())
          .filteredOn(task -> task.state() == TaskDump.State.RUNNING)
          .extracting(TaskDump::name)
          .containsExactly("blocking");
      assertThat(loop.stack()).anyMatch(frame -> frame.getMethodName().equals("blockLoop"));
    } finally {
      end.countDown();
    }
    Waiting.until(() -> one.dump().loops().getFirst().answered());
  }

  /** Blocks the thread of the loop, in both modes: a spin does not unmount. */
  private static void blockLoop(CountDownLatch begun, CountDownLatch end) {
    begun.countDown();
    while (end.getCount() > 0) {
      Thread.onSpinWait();
    }
  }
}
