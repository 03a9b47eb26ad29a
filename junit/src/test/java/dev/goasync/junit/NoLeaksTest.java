package dev.goasync.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link NoLeaks}: what it finds, and what it does not take for a leak. */
final class NoLeaksTest {
  private static final List<Task<?>> TASKS = new ArrayList<>();
  private static final List<EventLoop> LOOPS = new ArrayList<>();

  @AfterEach
  void cleanUp() {
    TASKS.forEach(task -> task.cancel("the test is over"));
    LOOPS.forEach(EventLoop::closeNow);
    TASKS.clear();
    LOOPS.clear();
  }

  @NoLeaks
  static final class Clean {
    @Test
    void serves() throws Exception {
      try (Server server = Server.listen(0, connection -> connection.writeAll("hello\n"));
          EventLoop loop = EventLoop.start("own")) {
        assertEquals(
            "hello",
            loop.goAsync(
                    () -> {
                      try (var socket = AsyncSocket.connect("localhost", server.port())) {
                        return String.valueOf(socket.readLine());
                      }
                    })
                .await());
      }
    }
  }

  @Test
  void aTestThatClosesAllPasses() {
    assertEquals(List.of(), Launched.run(Clean.class).failures());
  }

  @NoLeaks
  static final class Leaks {
    @Test
    void leavesACoroutineAndALoop() {
      EventLoop loop = EventLoop.start("unclosed");
      LOOPS.add(loop);
      TASKS.add(loop.goAsync("forgotten", () -> GoAsync.sleep(Duration.ofHours(1))));
    }
  }

  @Test
  void coroutinesAndLoopsThatAreLeftAreNamed() {
    assertThat(Launched.run(Leaks.class).failures())
        .singleElement()
        .asString()
        .contains(
            "left behind by the test",
            "event loop \"unclosed\", which was not closed",
            "\"forgotten\"");
  }

  /** What an earlier test has left is not the fault of this one. */
  @Test
  void whatWasThereBeforeIsNotReported() {
    EventLoop loop = EventLoop.start("before");
    LOOPS.add(loop);
    TASKS.add(loop.goAsync("before", () -> GoAsync.sleep(Duration.ofHours(1))));
    assertEquals(List.of(), Launched.run(Clean.class).failures());
  }
}
