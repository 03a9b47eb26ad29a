package dev.goasync.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.DeadlockException;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.sync.Event;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.Kill;
import dev.goasync.testkit.LongRunning;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Dumps that a signal, a management tool or a report asks for; each in a program of its own. */
@Timeout(120)
@LongRunning
final class DumpTriggersTest {
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "USR2 is a signal of Linux")
  void aSignalPrintsADump() throws Exception {
    String err =
        ChildJvm.run(SignalProgram.class, "-Dgoasync.dumpOnSignal=USR2").assertSuccess().err();
    assertThat(err)
        .contains("dump of ", "task \"sleeper\" started at ", "waits for a timer that fires in 35")
        .contains("SignalProgram.lambda$main$");
  }

  /** Sends itself the signal until its standard error stream has the dump. */
  static final class SignalProgram {
    private SignalProgram() {}

    public static void main(String[] args) throws Exception {
      PrintStream stderr = System.err;
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Task<?> sleeper = GoAsync.goAsync("sleeper", () -> GoAsync.sleep(Duration.ofHours(1)));
      GoAsync.goAsync(() -> 1).await();
      Kill.self("USR2");
      while (!printed.toString(StandardCharsets.UTF_8).contains("sleeper")) {
        Thread.onSpinWait();
      }
      stderr.print(printed.toString(StandardCharsets.UTF_8));
      sleeper.cancel("done");
    }
  }

  @Test
  void anUnknownSignalIsLoggedAndNothingElse() throws Exception {
    String err =
        ChildJvm.run(PlainProgram.class, "-Dgoasync.dumpOnSignal=NOSUCH").assertSuccess().err();
    assertThat(err).contains("-Dgoasync.dumpOnSignal=NOSUCH has no effect");
  }

  static final class PlainProgram {
    private PlainProgram() {}

    public static void main(String[] args) {
      GoAsync.goAsync(() -> 1).await();
    }
  }

  @Test
  void theManagementBeanDumps() throws Exception {
    String out = ChildJvm.run(BeanProgram.class, "-Dgoasync.mbean=true").assertSuccess().out();
    assertThat(out)
        .contains("[dump, dumpWithStacks, dumpJson]", "coroutines: 1")
        .contains("task \"sleeper\" started at ", "        at dev.goasync.GoAsync.sleep(")
        .contains("\"name\":\"sleeper\"");
  }

  static final class BeanProgram {
    private static final String[] NOTHING = {};

    private BeanProgram() {}

    public static void main(String[] args) throws Exception {
      Task<?> sleeper = GoAsync.goAsync("sleeper", () -> GoAsync.sleep(Duration.ofHours(1)));
      GoAsync.goAsync(() -> 1).await();
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      ObjectName bean = new ObjectName("dev.goasync:type=Diagnostics");
      System.out.println(
          Arrays.stream(server.getMBeanInfo(bean).getOperations())
              .map(MBeanFeatureInfo::getName)
              .toList());
      System.out.println("coroutines: " + server.getAttribute(bean, "Coroutines"));
      System.out.println(server.invoke(bean, "dumpWithStacks", NOTHING, NOTHING));
      System.out.println(server.invoke(bean, "dumpJson", NOTHING, NOTHING));
      sleeper.cancel("done");
    }
  }

  @Test
  void detectorsRunInAThreadOfTheirOwn() throws Exception {
    String err =
        ChildJvm.run(
                StallProgram.class, "-Dgoasync.longTurnMillis=20", "-Dgoasync.longWaitMillis=40")
            .assertSuccess()
            .err();
    assertThat(err)
        .contains("has run nothing else for ", "task \"blocking\"", "StallProgram.spinUntilLogged")
        .contains(" waited for more than 40 ms", "task \"sleeper\"")
        .contains("stalls\n  dev.goasync.inspect.DumpTriggersTest$StallProgram.spinUntilLogged");
  }

  static final class StallProgram {
    private StallProgram() {}

    public static void main(String[] args) {
      PrintStream stderr = System.err;
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Task<?> sleeper = GoAsync.goAsync("sleeper", () -> GoAsync.sleep(Duration.ofHours(1)));
      GoAsync.goAsync("blocking", () -> spinUntilLogged(printed, "has run nothing else")).await();
      spinUntilLogged(printed, "\"sleeper\" started at");
      while (GoAsync.dump().stalls().isEmpty()) {
        Thread.onSpinWait();
      }
      stderr.print(printed.toString(StandardCharsets.UTF_8));
      stderr.print(GoAsync.dump());
      sleeper.cancel("done");
    }

    private static void spinUntilLogged(ByteArrayOutputStream printed, String part) {
      while (!printed.toString(StandardCharsets.UTF_8).contains(part)) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aDeadlockReportHasTheFindingsAlsoIfASignalIsHandled() throws Exception {
    String out =
        ChildJvm.run(DeadlockProgram.class, "-Dgoasync.dumpOnSignal=USR2").assertSuccess().out();
    assertThat(out)
        .contains("\n  finding: 1 task waits for a task and needs task \"needed\" started at ")
        .contains("which waits for event@", "to be set, at ", "DeadlockProgram.lambda$main$");
  }

  static final class DeadlockProgram {
    private DeadlockProgram() {}

    public static void main(String[] args) {
      Event never = Event.manualReset();
      Task<?> needed = GoAsync.goAsync("needed", () -> never.await());
      Task<?> waiting = GoAsync.goAsync("waiting", () -> needed.await());
      Throwable deadlock = catchThrowable(waiting::await);
      assertThat(deadlock).isInstanceOf(DeadlockException.class);
      System.out.println(deadlock.getMessage());
      System.exit(0);
    }
  }

  @Test
  void aCloseThatTakesTooLongLogsTheFindings() throws Exception {
    String err = ChildJvm.run(CloseProgram.class).assertSuccess().err();
    assertThat(err)
        .contains("waits for coroutines that have not ended:")
        .contains("task \"stubborn\" started at ")
        .contains(" waits for event@")
        .contains("finding: a cancel has not ended task \"stubborn\"")
        .contains("CloseProgram.lambda$main$");
  }

  static final class CloseProgram {
    private CloseProgram() {}

    public static void main(String[] args) throws Exception {
      EventLoop loop = EventLoop.start("closing");
      Event release = Event.manualReset(loop);
      loop.goAsync("stubborn", () -> GoAsync.shielded(() -> release.await()));
      loop.goAsync(() -> 1).await();
      PrintStream stderr = System.err;
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Thread closer = Thread.ofPlatform().start(loop::closeNow);
      while (!printed.toString(StandardCharsets.UTF_8).contains("finding")) {
        Thread.onSpinWait();
      }
      loop.execute(release::set);
      closer.join();
      stderr.print(printed.toString(StandardCharsets.UTF_8));
    }
  }
}
