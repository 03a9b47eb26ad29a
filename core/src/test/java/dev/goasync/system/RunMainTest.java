package dev.goasync.system;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.TaskScope;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.Kill;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The effect of signals on programs. Each test runs a program that signals itself. */
@Timeout(120)
final class RunMainTest {
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private static void kill(String signal) throws Exception {
    GoAsync.offload(() -> Kill.self(signal));
  }

  static final class CleansUp {
    public static void main(String[] arguments) throws Exception {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
      Signals.runMain(() ->
          TaskScope.run(scope -> {
            scope.goAsync(() -> {
              try {
                sleep(FOR_EVER);
              } finally {
                System.out.println("task cleans up");
              }
            });
            try {
              kill(arguments.length == 0 ? "INT" : arguments[0]);
              sleep(FOR_EVER);
            } finally {
              GoAsync.shielded(() -> sleep(Duration.ofMillis(1)));
              System.out.println("body cleans up");
            }
            return "unreachable";
          }));
      System.out.println("unreachable");
    }
  }

  @Test
  void ctrlCCancelsTheMainScope() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(CleansUp.class);
    assertThat(ended.out().lines())
        .containsExactlyInAnyOrder("task cleans up", "body cleans up", "hook")
        .endsWith("hook");
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(130);
    assertThat(ended.err()).isEmpty();
  }

  static final class Terminated {
    public static void main(String[] arguments) throws Exception {
      CleansUp.main(new String[] {"TERM"});
    }
  }

  @Test
  void sigtermCancelsTheMainScopeOfALoopWithoutThread() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Terminated.class, "-Dgoasync.noThread=true");
    assertThat(ended.out()).contains("body cleans up");
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(143);
  }

  static final class Stubborn {
    public static void main(String[] arguments) throws Exception {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
      Signals.runMain(() -> {
        kill("INT");
        try {
          sleep(FOR_EVER);
        } catch (CancellationException first) {
          System.out.println("cancelled");
          Thread.ofPlatform()
              .start(() -> {
                try {
                  Kill.self("INT");
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
          while (true) { // blocks the loop
            Thread.onSpinWait();
          }
        }
      });
    }
  }

  @Test
  void secondSignalHaltsTheProgram() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Stubborn.class);
    assertThat(ended.out().lines()).containsExactly("cancelled");
    assertThat(ended.exitCode()).isEqualTo(130);
  }

  static final class CatchesTheCancel {
    public static void main(String[] arguments) throws Exception {
      Signals.runMain(() -> {
        kill("INT");
        try {
          sleep(FOR_EVER);
        } catch (CancellationException cancelled) {
          System.out.println(cancelled.getMessage());
        }
      });
      System.out.println("main continues");
      Signals.runMain(() -> System.out.println("and runs another body"));
    }
  }

  @Test
  void bodyThatCatchesTheCancelReturnsNormally() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(CatchesTheCancel.class);
    assertThat(ended.assertSuccess().out().lines())
        .containsExactly("SIGINT received", "main continues", "and runs another body");
  }

  static final class Fails {
    public static void main(String[] arguments) throws IOException {
      Signals.runMain(() -> {
        throw new IOException("as it was thrown");
      });
    }
  }

  @Test
  void exceptionOfTheBodyIsThrown() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Fails.class);
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err()).contains("java.io.IOException: as it was thrown");
  }

  static final class ClosesItsListeners {
    public static void main(String[] arguments) throws Exception {
      try (SignalStream one = Signals.listen(Signal.TERM)) {
        Signals.listen(Signal.TERM).close();
        Kill.self("TERM");
        System.out.println(one.take());
      }
      Kill.self("TERM");
      goAsync(() -> sleep(FOR_EVER)).await();
    }
  }

  @Test
  void defaultActionIsRestoredAfterTheLastListener() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(ClosesItsListeners.class);
    assertThat(ended.out().lines()).containsExactly("SIGTERM");
    assertThat(ended.exitCode()).isEqualTo(143);
  }

  static final class Reduced {
    public static void main(String[] arguments) throws Exception {
      Signals.runMain(() -> System.out.println("runs"));
      try {
        Signals.listen(Signal.INT);
      } catch (UnsupportedOperationException refused) {
        System.out.println(refused.getMessage());
      }
    }
  }

  @Test
  void signalsAreReservedWithXrs() throws Exception {
    assertThat(ChildJvm.run(Reduced.class, "-Xrs").assertSuccess().out().lines())
        .hasSize(2)
        .startsWith("runs")
        .anyMatch(line -> line.startsWith("cannot listen for SIGINT: ") && line.contains("-Xrs"));
  }

  static final class WaitsForASignalOnly {
    public static void main(String[] arguments) throws Exception {
      goAsync(() -> {
        SignalStream signals = Signals.listen(Signal.USR1);
        GoAsync.offload(
            () -> new ProcessBuilder("sh", "-c", "kill -USR1 $PPID").inheritIO().start());
        System.out.println(signals.take());
      });
    }
  }

  @Test
  void waitForASignalIsNoDeadlockAndKeepsTheProgramAlive() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(WaitsForASignalOnly.class);
    assertThat(ended.assertSuccess().out().lines()).containsExactly("SIGUSR1");
    assertThat(ended.err()).isEmpty();
  }
}
