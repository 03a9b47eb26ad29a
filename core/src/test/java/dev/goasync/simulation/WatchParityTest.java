package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import dev.goasync.testing.Host;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testkit.Modes;
import dev.goasync.watch.FileEvent;
import dev.goasync.watch.FileWatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same script of watched changes on the real and on the simulated backend. */
@Timeout(60)
final class WatchParityTest {
  private static final Duration QUIET = Duration.ofMillis(100);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** The scripts. */
  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  enum Script {
    A_FILE_OF_A_DIRECTORY((dir, log) -> {
      try (FileWatch watch = FileWatch.directory(dir)) {
        AsyncFiles.writeString(dir.resolve("file"), "x");
        log.add("created", () -> events(watch));
        AsyncFiles.writeString(dir.resolve("file"), "yy");
        log.add("written", () -> events(watch));
        AsyncFiles.setLastModifiedTime(dir.resolve("file"), FileTime.from(Instant.EPOCH));
        log.add("time", () -> events(watch));
        AsyncFiles.delete(dir.resolve("file"));
        log.add("deleted", () -> events(watch));
        log.add("text", () -> watch);
      }
    }),
    OPENED_AND_TRUNCATED((dir, log) -> {
      try (FileWatch watch = FileWatch.directory(dir)) {
        AsyncFile.open(dir.resolve("f"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
            .close();
        log.add("created", () -> events(watch));
        AsyncFile.open(
                dir.resolve("g"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)
            .close();
        log.add("created", () -> events(watch));
        AsyncFile.open(
                dir.resolve("g"), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
            .close();
        log.add("truncated", () -> events(watch));
        try (AsyncFile file = AsyncFile.open(dir.resolve("f"), StandardOpenOption.WRITE)) {
          file.write(ByteBuffer.allocate(10));
          log.add("written", () -> events(watch));
          file.truncate(3);
          log.add("truncated", () -> events(watch));
        }
      }
    }),
    MOVES((dir, log) -> {
      AsyncFiles.writeString(dir.resolve("a"), "x");
      AsyncFiles.createDirectory(dir.resolve("sub"));
      try (FileWatch watch = FileWatch.directory(dir)) {
        AsyncFiles.move(dir.resolve("a"), dir.resolve("b"));
        log.add("renamed", () -> events(watch));
        AsyncFiles.move(dir.resolve("b"), dir.resolve("sub/b"));
        log.add("moved out", () -> events(watch));
        AsyncFiles.move(dir.resolve("sub/b"), dir.resolve("b"));
        log.add("moved in", () -> events(watch));
        AsyncFiles.writeString(dir.resolve("c"), "x");
        log.add("another", () -> events(watch));
        AsyncFiles.move(dir.resolve("c"), dir.resolve("b"), StandardCopyOption.ATOMIC_MOVE);
        log.add("replaced", () -> events(watch));
      }
    }),
    A_TREE((dir, log) -> {
      try (FileWatch watch = FileWatch.directoryTree(dir)) {
        AsyncFiles.createDirectory(dir.resolve("sub"));
        log.add("directory", () -> events(watch));
        AsyncFiles.writeString(dir.resolve("sub/file"), "x");
        log.add("file", () -> events(watch));
        AsyncFiles.createSymbolicLink(dir.resolve("sub/link"), Path.of("file"));
        log.add("link", () -> events(watch));
        AsyncFiles.move(dir.resolve("sub"), dir.resolve("other"));
        log.add("moved", () -> events(watch));
        AsyncFiles.writeString(dir.resolve("other/file"), "y");
        log.add("file", () -> events(watch));
        AsyncFiles.delete(dir.resolve("other/link"));
        AsyncFiles.delete(dir.resolve("other/file"));
        log.add("deleted", () -> events(watch));
        AsyncFiles.delete(dir.resolve("other"));
        log.add("directory", () -> events(watch));
      }
    }),
    A_SINGLE_FILE((dir, log) -> {
      Path file = dir.resolve("file");
      try (FileWatch watch = FileWatch.file(file)) {
        AsyncFiles.writeString(dir.resolve("other"), "x");
        AsyncFiles.writeString(file, "x");
        log.add("created", () -> events(watch));
        AsyncFiles.move(dir.resolve("other"), file, StandardCopyOption.ATOMIC_MOVE);
        log.add("replaced", () -> events(watch));
        AsyncFiles.delete(file);
        log.add("deleted", () -> events(watch));
      }
    }),
    THE_ROOT_IS_DELETED((dir, log) -> {
      Path root = AsyncFiles.createDirectory(dir.resolve("root"));
      try (FileWatch watch = FileWatch.directoryTree(root)) {
        AsyncFiles.delete(root);
        log.add("deleted", watch::take);
        log.add("again", watch::take);
      }
    }),
    THE_ROOT_IS_MOVED((dir, log) -> {
      Path root = AsyncFiles.createDirectory(dir.resolve("root"));
      try (FileWatch watch = FileWatch.directory(root)) {
        AsyncFiles.move(root, dir.resolve("moved"));
        log.add("moved", watch::take);
        log.add("again", watch::take);
      }
    }),
    NOT_TO_BE_WATCHED((dir, log) -> {
      AsyncFiles.writeString(dir.resolve("file"), "x");
      log.add("missing", () -> FileWatch.directory(dir.resolve("none")));
      log.add("a file", () -> FileWatch.directory(dir.resolve("file")));
      log.add("below a file", () -> FileWatch.directoryTree(dir.resolve("file/x")));
      log.add("missing parent", () -> FileWatch.file(dir.resolve("none/x")));
    }),
    A_LINK_TO_A_DIRECTORY((dir, log) -> {
      AsyncFiles.createDirectory(dir.resolve("real"));
      AsyncFiles.createSymbolicLink(dir.resolve("link"), dir.resolve("real"));
      try (FileWatch watch = FileWatch.directory(dir.resolve("link"))) {
        AsyncFiles.writeString(dir.resolve("real/x"), "x");
        log.add("created", () -> events(watch));
      }
    }),
    CANCELLED_AND_CLOSED((dir, log) -> {
      FileWatch watch = FileWatch.directory(dir);
      log.add("limit", () -> GoAsync.withTimeout(QUIET, () -> watch.take()));
      AsyncFiles.writeString(dir.resolve("x"), "x");
      log.add("late", () -> events(watch));
      log.add("ready", () -> watch.pending().isReady());
      Task<?> taker = GoAsync.goAsync(() -> log.add("take", watch::take));
      GoAsync.sleep(QUIET);
      watch.close();
      taker.await();
      log.add("again", watch::take);
    });

    private final FileParity.Script body;

    Script(FileParity.Script body) {
      this.body = body;
    }
  }

  private static List<FileEvent> events(FileWatch watch) throws Exception {
    return watch.takeDebounced(QUIET);
  }

  @ParameterizedTest
  @EnumSource
  void changesAreReportedAsReal(Script script) throws Exception {
    FileParity.compare(script.body);
  }

  @Test
  void aFullQueueIsAnOverflow() throws Exception {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
    Simulation.with()
        .seeds(10)
        .run(world -> {
          assertThrows(
              IllegalArgumentException.class, () -> world.testHost().disk().maxWatchedChanges(0));
          world.testHost().disk().maxWatchedChanges(3);
          Path dir = AsyncFiles.createDirectory(Path.of("dir"));
          try (FileWatch watch = FileWatch.directoryTree(dir)) {
            for (int i = 0; i < 10; i++) {
              AsyncFiles.createDirectory(dir.resolve("d" + i));
            }
            List<FileEvent> seen = events(watch);
            assertThat(seen).contains(new FileEvent(FileEvent.Kind.OVERFLOW, dir, null));
            AsyncFiles.writeString(dir.resolve("d9/file"), "x");
            assertThat(events(watch))
                .contains(new FileEvent(FileEvent.Kind.CREATED, dir.resolve("d9/file"), null));
          }
        });
  }

  @Test
  void aCrashEndsWatches() throws Exception {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
    List<Object> seen = new ArrayList<>();
    Simulation.with()
        .seeds(10)
        .run(world -> {
          Host host =
              world.host(
                  "host",
                  () -> {
                    try (FileWatch watch = FileWatch.directory(Path.of("."))) {
                      GoAsync.sleep(SECOND);
                      AsyncFiles.writeString(Path.of("x" + seen.size()), "x");
                      seen.add(watch.take().kind());
                      watch.takeDebounced(Duration.ZERO);
                      watch.take();
                      seen.add("goes on");
                    }
                  });
          GoAsync.sleep(SECOND.multipliedBy(2));
          host.crash();
          host.restart();
          GoAsync.sleep(SECOND.multipliedBy(2));
          host.crash();
        });
    assertThat(seen).hasSize(20).containsOnly(FileEvent.Kind.CREATED);
  }

  @Test
  void aWatchThatIsLeftOpenIsFound() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () -> Simulation.with().run(_ -> FileWatch.directory(Path.of("."))));
    assertThat(failure).hasMessageContaining("file watchers of host test were not closed");
  }

  @Test
  void aSeedRepeatsTheTrace() throws Exception {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
    Simulation.with()
        .seeds(5)
        .checkDeterminism(_ -> {
          Path dir = AsyncFiles.createDirectory(Path.of("dir"));
          try (FileWatch watch = FileWatch.directoryTree(dir)) {
            for (int i = 0; i < 5; i++) {
              AsyncFiles.createDirectories(dir.resolve("a" + i + "/b"));
            }
            assertEquals(10, events(watch).size());
          }
        });
  }
}
