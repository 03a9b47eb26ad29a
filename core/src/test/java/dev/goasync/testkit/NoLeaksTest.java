package dev.goasync.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.platform.ChildHandle;
import dev.goasync.internal.platform.LaunchSpec;
import dev.goasync.internal.platform.Stdio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The leak check finds what it is made to find. */
@Timeout(60)
final class NoLeaksTest {
  private interface Leak {
    void run() throws Exception;
  }

  private static String found(Leak leak) throws Exception {
    NoLeaks.Before before = NoLeaks.look();
    leak.run();
    return String.join("; ", NoLeaks.leftSince(before));
  }

  @Test
  void nothingIsLeftByTidyTests() throws Exception {
    assertThat(
            found(() -> {
              try (EventLoop loop = EventLoop.start()) {
                loop.goAsync(() -> {}).await();
              }
              GoAsync.goAsync(() -> {}).await();
            }))
        .isEmpty();
  }

  @Test
  void coroutineOfTheDefaultLoop() throws Exception {
    Task<?>[] left = new Task<?>[1];
    assertThat(
            found(
                () -> left[0] = GoAsync.goAsync("leaked", () -> GoAsync.sleep(Duration.ofDays(1)))))
        .contains("task \"leaked\"");
    assertThat(left[0].isCancelled()).as("ended, for the tests to come").isTrue();
  }

  @Test
  void unclosedLoop() throws Exception {
    assertThat(found(() -> EventLoop.start("leaked loop"))).contains("unclosed leaked loop");
  }

  @Test
  void unclosedLoopOfTheTestsThread() throws Exception {
    assertThat(found(EventLoop::onCurrentThread)).contains("unclosed loop of");
  }

  @Test
  void openFile() throws Exception {
    Path file = Files.createTempFile("leak", "");
    try (var channels = new Channels()) {
      String found = found(() -> channels.opened = Files.newByteChannel(file));
      if (Files.isDirectory(Path.of("/proc/self/fd"))) {
        assertThat(found).contains("descriptor").contains(file.toString());
      }
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void childProcessEvenIfItHasEnded() throws Exception {
    Backend backend = Backends.selected();
    Modes.assumeOwnProcesses(backend.name());
    ChildHandle[] child = new ChildHandle[1];
    assertThat(
            found(() -> {
              child[0] = backend.platform().launch(TRUE);
              Waiting.until(() -> Files.readString(stat(child[0])).contains(") Z "));
            }))
        .contains("child process " + child[0].pid());
    child[0].awaitExit(Poller.FOREVER);
    child[0].close();
  }

  private static Path stat(ChildHandle child) {
    return Path.of("/proc", Long.toString(child.pid()), "stat");
  }

  private static final LaunchSpec TRUE =
      new LaunchSpec(
          List.of("true"),
          null,
          true,
          Map.of(),
          Stdio.Plain.DISCARD,
          Stdio.Plain.DISCARD,
          Stdio.Plain.DISCARD,
          false,
          null);

  private static final class Channels implements AutoCloseable {
    java.nio.channels.@org.jspecify.annotations.Nullable Channel opened;

    @Override
    public void close() throws java.io.IOException {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
