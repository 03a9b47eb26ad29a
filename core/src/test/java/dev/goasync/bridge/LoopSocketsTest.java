package dev.goasync.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.ChildJvm;
import org.junit.jupiter.api.Test;

@Conformance
final class LoopSocketsTest {
  @Test
  void newSocketsPauseInCoroutinesAndBlockThreads() throws Exception {
    String options = "options: true 20000 3 true true true";
    String closed = "closed: Socket is closed";
    assertThat(ChildJvm.run(InstalledSockets.class).assertSuccess().out().lines())
        .containsExactly(
            options,
            closed,
            "thread: number 0",
            "virtual thread: number 0",
            options,
            closed,
            "coroutine: number 0",
            "together: 20",
            "the first reader waits: true",
            "cancelled: java.net.SocketException: Closed by a cancel or an interrupt: no longer"
                + " needed",
            "late: Read timed out");
  }

  @Test
  void aFactoryOfOtherCodeIsRefusedWithTheCure() throws Exception {
    assertThat(ChildJvm.run(InstalledSockets.class, "-Dforeign=true").assertSuccess().out())
        .startsWith("other code has set a factory by Socket.setSocketImplFactory")
        .contains("LoopSocketFactory");
  }
}
