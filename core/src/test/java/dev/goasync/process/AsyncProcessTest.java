package dev.goasync.process;

import static dev.goasync.process.Processes.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.system.Signal;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes are started, used by their streams, signalled and ended. */
@Conformance
@SuppressWarnings("try") // a process is closed early, or used by its id only
final class AsyncProcessTest {
  private static final Duration LONG = Duration.ofDays(1);
  private static final Duration SHORT = Duration.ofMillis(10);
  private static final Command SLEEP = Command.of("sleep", "1000");

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  void writesInputAndReadsOutput(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess cat = Command.of("cat").start()) {
        cat.stdin().writeAll("first\n");
        assertThat(cat.stdout().readLine()).isEqualTo("first");
        cat.stdin().writeAll("second\n");
        assertThat(cat.stdout().readLine()).isEqualTo("second");
        assertThat(cat.isAlive()).isTrue();
        cat.stdin().close();
        assertThat(cat.stdout().readLine()).isNull();
        assertThat(cat.await()).isZero();
        assertThat(cat.isAlive()).isFalse();
        assertThat(cat.command().words()).containsExactly("cat");
        assertThat(cat.pid()).isPositive();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void hasTheRequestedStreams(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess process = shell("cat; echo oh >&2").stderr(Redirect.PIPE).start()) {
        process.stdin().writeAll("text");
        process.stdin().close();
        assertThat(process.stderr().readAll()).isEqualTo("oh\n");
        assertThat(process.stdout().readAll()).isEqualTo("text");
        assertThatThrownBy(process::terminal).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(process::group).isInstanceOf(IllegalStateException.class);
      }
      try (AsyncProcess silent =
          Command.of("true").stdin(Redirect.DISCARD).stdout(Redirect.INHERIT).start()) {
        assertThatThrownBy(silent::stdin).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(silent::stdout).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(silent::stderr)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("standard error of AsyncProcess[true")
            .hasMessageEndingWith("is not a pipe; redirect it to Redirect.PIPE");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void tryAwaitReturnsEmptyWhenTheTimeoutExpires(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess cat = Command.of("cat").start()) {
        assertThat(cat.tryAwait(SHORT)).isEmpty();
        assertThat(cat.tryAwait(Duration.ZERO)).isEmpty();
        cat.stdin().close();
        assertThat(cat.tryAwait(LONG)).isEqualTo(OptionalInt.of(0));
        assertThat(cat.tryAwait(Duration.ZERO)).isEqualTo(OptionalInt.of(0));
        assertThatThrownBy(() -> cat.tryAwait(Duration.ofSeconds(-1)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("timeout is negative: PT-1S");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void severalCallersAwaitOneProcess(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess cat = Command.of("cat").start()) {
        List<Integer> codes = new ArrayList<>();
        Task<?> other = caller.beside(() -> codes.add(cat.await()));
        cat.stdin().close();
        assertThat(cat.await()).isZero();
        Caller.finish(other);
        assertThat(codes).containsExactly(0);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void terminatesAndKills(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess process = SLEEP.start()) {
        process.terminate();
        assertThat(process.await()).isEqualTo(128 + 15);
        process.terminate();
        process.kill();
      }
      try (AsyncProcess stubborn = shell("trap '' TERM; echo ready; cat").start()) {
        assertThat(stubborn.stdout().readLine()).isEqualTo("ready");
        stubborn.terminate();
        stubborn.stdin().writeAll("still there\n");
        assertThat(stubborn.stdout().readLine()).isEqualTo("still there");
        stubborn.kill();
        assertThat(stubborn.await()).isEqualTo(128 + 9);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void suspendsAndResumes(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofSignals());
    caller.run(() -> {
      try (AsyncProcess cat = Command.of("cat").start()) {
        cat.suspend();
        Processes.awaitState(cat.pid(), 'T');
        cat.resume();
        cat.stdin().writeAll("awake\n");
        assertThat(cat.stdout().readLine()).isEqualTo("awake");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void receivesSignals(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofSignals());
    caller.run(() -> {
      try (AsyncProcess process =
          shell("trap 'echo got it; exit' USR1; echo ready; sleep 1000 & wait")
              .ownGroup()
              .start()) {
        assertThat(process.stdout().readLine()).isEqualTo("ready");
        process.signal(Signal.USR1);
        assertThat(process.stdout().readLine()).isEqualTo("got it");
        for (int wrong : new int[] {-1, 0, 65}) {
          assertThatThrownBy(() -> process.signal(wrong))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("number must be from 1 to 64: " + wrong);
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void signalsAWholeGroup(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofProcessGroups());
    caller.run(() -> {
      try (AsyncProcess leader = shell("sleep 1000 & echo $!; wait").ownGroup().start()) {
        long child = Long.parseLong(String.valueOf(leader.stdout().readLine()));
        leader.group().suspend();
        Processes.awaitState(child, 'T');
        leader.group().resume();
        Processes.awaitState(child, 'S');
        leader.group().signal(Signal.CONT);
        leader.group().signal(Signal.CONT.number());
        leader.group().terminate();
        assertThat(leader.await()).isEqualTo(128 + 15);
        assertThat(leader.stdout().readLine()).as("no process has the pipe open").isNull();
      }
      try (AsyncProcess leader = shell("trap '' TERM; sleep 1000 & wait").ownGroup().start()) {
        leader.group().kill();
        assertThat(leader.await()).isEqualTo(128 + 9);
        assertThat(leader.stdout().readLine()).isNull();
      }
    });
  }

  // ---- closing ----

  @ParameterizedTest
  @EnumSource
  void closeEndsTheProcess(Caller caller) throws Exception {
    caller.run(() -> {
      AsyncProcess process = SLEEP.grace(LONG).start();
      process.close();
      process.close();
      assertThat(process.isAlive()).isFalse();
      assertThat(process.await()).isEqualTo(128 + 15);
      assertThat(Processes.state(process.pid())).isEqualTo('-');
      process.terminate();
      assertThatThrownBy(() -> process.stdin().writeAll("x"))
          .isInstanceOf(ClosedChannelException.class);
    });
  }

  @ParameterizedTest
  @EnumSource
  void closeKillsAProcessThatIgnoresSigterm(Caller caller) throws Exception {
    caller.run(() -> {
      AsyncProcess process = shell("trap '' TERM; echo ready; cat").grace(SHORT).start();
      assertThat(process.stdout().readLine()).isEqualTo("ready");
      process.close();
      assertThat(process.await()).isEqualTo(128 + 9);
    });
    caller.run(() -> {
      AsyncProcess process = SLEEP.grace(Duration.ZERO).start();
      process.close();
      assertThat(process.await()).isEqualTo(128 + 9);
    });
  }

  @ParameterizedTest
  @EnumSource
  void closeTerminatesASuspendedProcess(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofSignals());
    caller.run(() -> {
      AsyncProcess process = SLEEP.grace(LONG).start();
      process.suspend();
      Processes.awaitState(process.pid(), 'T');
      process.close();
      assertThat(process.await()).isEqualTo(128 + 15);
    });
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsAProcessThatIsBlockedAtAFullPipe(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess yes = Command.of("yes").start()) {
        Processes.awaitState(yes.pid(), 'S'); // the pipe is full
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsAllMembersOfTheGroup(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofProcessGroups());
    caller.run(() -> {
      AsyncProcess leader = shell("trap '' TERM; sleep 1000 & echo $!").ownGroup().start();
      long child = Long.parseLong(String.valueOf(leader.stdout().readLine()));
      assertThat(leader.await()).as("the leader has ended").isZero();
      leader.close();
      Processes.awaitEnd(child);
      Command stubborn = shell("(trap '' TERM; echo; exec sleep 1000) & read x; echo $!; wait");
      AsyncProcess alive = stubborn.ownGroup().grace(LONG).start();
      assertThat(alive.stdout().readLine()).as("the member ignores SIGTERM now").isEmpty();
      alive.stdin().writeAll("\n");
      long member = Long.parseLong(String.valueOf(alive.stdout().readLine()));
      alive.close();
      assertThat(alive.await()).isEqualTo(128 + 15);
      Processes.awaitEnd(member);
    });
  }

  @ParameterizedTest
  @EnumSource
  void closeSendsSigtermToAllMembersOfTheGroup(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofProcessGroups());
    Path received = dir.resolve("received");
    String member = "(trap 'echo TERM > " + received + "; exit' TERM; echo; sleep 1000 & wait) & ";
    caller.run(() -> {
      AsyncProcess leader =
          shell("trap : TERM; " + member + "wait; wait").ownGroup().grace(LONG).start();
      assertThat(leader.stdout().readLine()).isEmpty();
      leader.close();
      assertThat(received).hasContent("TERM");
    });
  }

  @Test
  void closeInAnInterruptedThreadSkipsTheGracePeriod() throws Exception {
    AsyncProcess process = shell("trap '' TERM; echo ready; cat").grace(LONG).start();
    assertThat(process.stdout().readLine()).isEqualTo("ready");
    Thread.currentThread().interrupt();
    process.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(process.await()).isEqualTo(128 + 9);
  }

  @Test
  void closeInACancelledCoroutineEndsTheProcess() throws Exception {
    AsyncProcess process = SLEEP.grace(LONG).start();
    Task<?> task =
        GoAsync.goAsync(() -> {
          try (process) {
            process.await();
          }
        });
    Waiting.until(() -> GoAsync.goAsync(() -> !task.isCompleted()).await());
    task.cancel();
    assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    assertThat(process.await()).isEqualTo(128 + 15);
  }

  @Test
  void scopeEndsTheProcessesThatWereStartedInIt() throws Exception {
    List<AsyncProcess> started = new ArrayList<>();
    TaskScope.<Boolean, Exception>run(scope -> {
      started.add(SLEEP.grace(LONG).start());
      scope.goAsync(() -> started.add(SLEEP.grace(LONG).start())).await();
      AsyncProcess closed = SLEEP.start();
      closed.close();
      assertThat(started).allMatch(AsyncProcess::isAlive);
      return true;
    });
    assertThat(started).hasSize(2).noneMatch(AsyncProcess::isAlive);
    for (AsyncProcess process : started) {
      assertThat(process.await()).isEqualTo(128 + 15);
    }
  }

  @Test
  void failedScopeEndsTheProcessesThatWereStartedInIt() throws Exception {
    List<AsyncProcess> started = new ArrayList<>();
    assertThatThrownBy(() ->
            TaskScope.<Boolean, Exception>run(scope -> {
              started.add(SLEEP.start());
              throw new IOException("expected");
            }))
        .hasMessage("expected");
    assertThat(started.getFirst().isAlive()).isFalse();
  }

  @Test
  void processWithoutAWaiterIsReapedWhenOthersAreStarted() throws Exception {
    AsyncProcess forgotten = Command.of("true").stdout(Redirect.DISCARD).start();
    Processes.awaitEnd(forgotten.pid());
    for (int i = 0; i < 3; i++) {
      Command.of("true").start().close();
    }
    assertThat(Processes.state(forgotten.pid())).isEqualTo('-');
    assertThat(forgotten.await()).isZero();
    forgotten.close();
  }

  @Test
  void endedProcessKeepsNoDescriptorOfItself() throws Exception {
    Differences.assumeNone(Differences.ofDescriptors());
    try (AsyncProcess process = Command.of("true").stdin(Redirect.DISCARD).start()) {
      assertThat(processDescriptors()).isEqualTo(1);
      Task<Integer> other = GoAsync.goAsync(() -> process.await());
      assertThat(process.await()).isZero();
      assertThat(other.await()).isZero();
      assertThat(processDescriptors()).isZero();
      process.terminate();
      assertThat(process.isAlive()).isFalse();
      assertThat(process.stdout().readAll()).isEmpty();
    }
  }

  private static long processDescriptors() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(AsyncProcessTest::isOfAProcess).count();
    }
  }

  private static boolean isOfAProcess(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.contains("[pidfd]") || target.startsWith("pidfd:");
    } catch (IOException closed) {
      return false;
    }
  }

  // ---- waits that end before the process ----

  @Test
  void interruptedWaitDoesNotEndTheProcess() throws Exception {
    try (AsyncProcess process = SLEEP.start()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(process::await).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(process.isAlive()).isTrue();
    }
  }

  @Test
  void cancelledWaitDoesNotEndTheProcess() throws Exception {
    try (AsyncProcess process = SLEEP.start()) {
      Task<Integer> task = GoAsync.goAsync(() -> process.await());
      GoAsync.goAsync(Waiting::forATurn).await();
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
      assertThat(process.isAlive()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void processMayCloseItsStreamsAndContinue(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess process = shell("exec >&- 2>&-; read x; exit 5").start()) {
        assertThat(process.stdout().readLine()).isNull();
        assertThat(process.isAlive()).isTrue();
        process.stdin().writeAll("go\n");
        assertThat(process.await()).isEqualTo(5);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void writeToAnEndedProcessFails(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess process = Command.of("true").start()) {
        process.await();
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    process.stdin().writeAll("x");
                  }
                })
            .isInstanceOf(IOException.class)
            .hasMessageContaining("Broken pipe");
      }
    });
  }

  // ---- pipes between processes ----

  @ParameterizedTest
  @EnumSource
  void readsTheOutputOfAnotherProcess(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess upstream = Command.of("cat").start();
          AsyncProcess downstream =
              Command.of("tr", "a-z", "A-Z").stdin(Redirect.from(upstream)).start()) {
        upstream.stdin().writeAll("text\n");
        upstream.stdin().close();
        assertThat(downstream.stdout().readAll()).isEqualTo("TEXT\n");
        assertThatThrownBy(() -> upstream.stdout().readLine())
            .as("the downstream process has the pipe now")
            .isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void writesToTheInputOfAnotherProcess(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess downstream = Command.of("cat").start();
          AsyncProcess upstream =
              Command.of("echo", "text").stdout(Redirect.to(downstream)).start()) {
        assertThat(downstream.stdout().readAll()).isEqualTo("text\n");
        assertThat(upstream.await()).isZero();
      }
    });
  }

  @Test
  void redirectOfAPipeWithBufferedBytesIsRefused() throws Exception {
    try (AsyncProcess upstream = shell("echo 1; echo 2; cat").start()) {
      upstream.stdout().peek(ByteBuffer.allocate(1));
      assertThatThrownBy(() -> Command.of("cat").stdin(Redirect.from(upstream)).start())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("standard output of sh has buffered bytes");
    }
  }
}
