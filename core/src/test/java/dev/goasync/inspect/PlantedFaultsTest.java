package dev.goasync.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import dev.goasync.sync.Semaphore;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** A dump names the line to change for resources that are not given back. */
@Timeout(120)
@ExtendWith(NoLeaks.class)
final class PlantedFaultsTest {
  @Test
  void aPermitThatIsNotReturned() throws Exception {
    String out = ChildJvm.run(PermitProgram.class, "-Dgoasync.trace=true").assertSuccess().out();
    assertThat(out)
        .contains("task \"waiting\" started at ", " waits for 1 permit(s) of semaphore@")
        .containsPattern(
            "taken at \\S*PermitProgram\\.forgetful\\(PlantedFaultsTest\\.java:\\d+\\)"
                + " by task \"forgetful\" started at \\S+, which has ended")
        .doesNotContain("PermitProgram.careful");
  }

  static final class PermitProgram {
    private PermitProgram() {}

    public static void main(String[] args) {
      Semaphore permits = new Semaphore(1);
      GoAsync.goAsync(() -> careful(permits)).await();
      GoAsync.goAsync("forgetful", () -> forgetful(permits)).await();
      Task<?> waiting = GoAsync.goAsync("waiting", () -> permits.acquire());
      GoAsync.goAsync(() -> 1).await();
      System.out.println(GoAsync.dump());
      waiting.cancel("done");
    }

    private static void careful(Semaphore permits) {
      permits.withPermit(() -> {});
    }

    private static void forgetful(Semaphore permits) {
      permits.acquire();
    }
  }

  @Test
  void aSocketThatIsNotClosed() throws Exception {
    String out = ChildJvm.run(SocketProgram.class, "-Dgoasync.trace=true").assertSuccess().out();
    assertThat(out)
        .contains("open files, sockets and pipes\n  3 open, opened at ")
        .containsPattern(
            "3 open, opened at \\S*SocketProgram\\.leak\\(PlantedFaultsTest\\.java:\\d+\\): \\S*/")
        .doesNotContain("SocketProgram.closeAgain");
  }

  static final class SocketProgram {
    private SocketProgram() {}

    public static void main(String[] args) throws Exception {
      List<AsyncSocket> kept = new ArrayList<>();
      InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      try (AsyncServerSocket server = AsyncServerSocket.listen(local)) {
        for (int i = 0; i < 3; i++) {
          kept.add(leak(server.localAddress()));
          closeAgain(server.localAddress());
        }
        System.out.println(GoAsync.dump());
      }
      assertThat(kept).hasSize(3);
    }

    private static AsyncSocket leak(SocketAddress address) throws Exception {
      return AsyncSocket.connect((InetSocketAddress) address);
    }

    private static void closeAgain(SocketAddress address) throws Exception {
      AsyncSocket.connect((InetSocketAddress) address).close();
    }
  }

  /** The shell ends; the process that it started keeps the pipe of its output. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the holders of a pipe are read from /proc")
  void aChildThatHoldsAPipe() throws Exception {
    assumeFalse(
        GoAsync.describe().contains("backend: nio"), "nio reads pipes by threads of the JDK");
    try (EventLoop loop = EventLoop.start("reader")) {
      Task<String> reader = loop.goAsync("reader", PlantedFaultsTest::readOutput);
      String finding = null;
      while (finding == null) {
        Dump dump = loop.dump();
        assertThat(reader.isCompleted()).as("ended: %s", dump).isFalse();
        finding =
            dump.findings().stream()
                .filter(each -> each.contains("(sleep 4711)"))
                .findFirst()
                .orElse(null);
      }
      assertThat(finding)
          .startsWith("task \"reader\" started at ")
          .contains("which waits for ", "PlantedFaultsTest.readOutput(PlantedFaultsTest.java:");
      Matcher holder = Pattern.compile("(\\d+) \\(sleep 4711\\)").matcher(finding);
      assertThat(holder.find()).as(finding).isTrue();
      ProcessHandle.of(Long.parseLong(holder.group(1))).ifPresent(ProcessHandle::destroyForcibly);
      assertThat(reader.await()).isEmpty();
    }
  }

  private static String readOutput() throws IOException {
    try (AsyncProcess shell = Command.of("sh", "-c", "sleep 4711 & exit 0").start()) {
      return shell.stdout().readAll();
    }
  }
}
