package dev.goasync.simulation;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goasync.Action;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testing.Host;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testkit.Modes;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disks of simulated hosts: what a crash leaves, and their faults. */
@Timeout(120)
final class SimulatedDiskTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Path FILE = Path.of("file");
  private static final int SEEDS = 60;

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  /**
   * Runs {@code first} on a host, which crashes, and adds the result of {@code second} to a set.
   */
  private static Set<String> afterACrash(Action<?> first, Result second) throws Exception {
    Set<String> results = new TreeSet<>();
    Simulation.with()
        .seeds(SEEDS)
        .run(world -> {
          int[] lives = {0};
          Host host =
              world.host(
                  "db",
                  () -> {
                    if (lives[0]++ == 0) {
                      first.run();
                    } else {
                      results.add(second.get());
                    }
                  });
          GoAsync.sleep(SECOND);
          host.crash();
          host.restart();
          GoAsync.sleep(SECOND);
        });
    return results;
  }

  private interface Result {
    String get() throws Exception;
  }

  private static void write(String text, boolean forced) throws IOException {
    try (AsyncFile file = AsyncFile.open(FILE, CREATE, WRITE)) {
      file.writeAll(text);
      if (forced) {
        file.force(false);
      }
    }
  }

  private static void forceDirectory() throws IOException {
    try (AsyncFile directory = AsyncFile.open(Path.of(""), READ)) {
      directory.force(true);
    }
  }

  private static String readIfThere(Path path) throws IOException {
    return AsyncFiles.exists(path) ? AsyncFiles.readString(path) : "none";
  }

  // ---- what a crash leaves ----

  @Test
  void whatWasForcedSurvivesACrash() throws Exception {
    assertEquals(
        new TreeSet<>(Arrays.asList("stored")),
        afterACrash(
            () -> {
              write("stored", true);
              forceDirectory();
            },
            () -> readIfThere(FILE)));
  }

  @Test
  void aFileWhoseDirectoryWasNotForcedMayVanish() throws Exception {
    assertEquals(
        new TreeSet<>(Arrays.asList("none", "stored")),
        afterACrash(() -> write("stored", true), () -> readIfThere(FILE)));
  }

  @Test
  void anExtensionThatWasNotForcedEndsAnywhere() throws Exception {
    Set<String> results =
        afterACrash(
            () -> {
              write("old", true);
              forceDirectory();
              AsyncFiles.writeString(FILE, " and new", APPEND);
            },
            () -> readIfThere(FILE).replace('\0', '0'));
    assertThat(results).contains("old", "old and new").allMatch(text -> text.startsWith("old"));
    assertThat(results.size()).isGreaterThan(4); // torn at several places
  }

  @Test
  void aPageThatWasOverwrittenMayBeTornBetweenSectors() throws Exception {
    Set<String> results =
        afterACrash(
            () -> {
              write("a".repeat(2048), true);
              forceDirectory();
              write("b".repeat(2048), false);
            },
            () -> readIfThere(FILE).replaceAll("(.)\\1{511}", "$1"));
    assertThat(results).contains("aaaa", "bbbb").allMatch(text -> text.matches("[ab]{4}"));
    assertThat(results.size()).isGreaterThan(4);
  }

  @Test
  void aTruncationThatWasNotForcedMayBeLost() throws Exception {
    assertEquals(
        new TreeSet<>(Arrays.asList("", "content")),
        afterACrash(
            () -> {
              write("content", true);
              forceDirectory();
              try (AsyncFile file = AsyncFile.open(FILE, WRITE)) {
                file.truncate(0);
              }
            },
            () -> readIfThere(FILE)));
  }

  @Test
  void aRenameIsAtomic() throws Exception {
    Path other = Path.of("other");
    assertEquals(
        new TreeSet<>(Arrays.asList("new none", "old new")),
        afterACrash(
            () -> {
              AsyncFiles.writeString(other, "new", CREATE, WRITE, DSYNC);
              write("old", true);
              forceDirectory();
              AsyncFiles.move(other, FILE, StandardCopyOption.ATOMIC_MOVE);
            },
            () -> readIfThere(FILE) + " " + readIfThere(other)));
  }

  @Test
  void aFileThatReplacesAnotherMayBeEmptyIfItWasNotForced() throws Exception {
    Path other = Path.of("other");
    Set<String> results =
        afterACrash(
            () -> {
              write("old", true);
              forceDirectory();
              AsyncFiles.writeString(other, "new");
              AsyncFiles.move(other, FILE, StandardCopyOption.ATOMIC_MOVE);
            },
            () -> readIfThere(FILE));
    assertThat(results).contains("old", "new", "");
  }

  @Test
  void changesOfDirectoriesAreLostInTheirOrder() throws Exception {
    Set<String> results =
        afterACrash(
            () -> {
              for (String name : new String[] {"a", "b", "c"}) {
                AsyncFiles.createDirectory(Path.of(name));
              }
              AsyncFiles.delete(Path.of("a"));
            },
            () -> {
              TreeSet<String> names = new TreeSet<>();
              AsyncFiles.list(Path.of("")).forEach(each -> names.add(each.toString()));
              return names.toString();
            });
    assertEquals(
        new TreeSet<>(Arrays.asList("[]", "[a]", "[a, b]", "[a, b, c]", "[b, c]")), results);
  }

  @Test
  void aDeletedFileMayComeBackWithItsStoredContent() throws Exception {
    assertEquals(
        new TreeSet<>(Arrays.asList("content", "none")),
        afterACrash(
            () -> {
              write("content", true);
              forceDirectory();
              AsyncFiles.delete(FILE);
            },
            () -> readIfThere(FILE)));
  }

  @Test
  void anOrderlyShutdownKeepsAll() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          int[] lives = {0};
          Host host =
              world.host(
                  "db",
                  () -> {
                    if (lives[0]++ == 0) {
                      write("not forced", false);
                    }
                    assertEquals("not forced", AsyncFiles.readString(FILE));
                  });
          GoAsync.sleep(SECOND);
          assertTrue(host.shutdown(SECOND));
          host.restart();
          GoAsync.sleep(SECOND);
          assertEquals(2, lives[0]);
        });
  }

  // ---- faults ----

  @Test
  void aFullDiskTakesWhatFits() throws Exception {
    Simulation.with()
        .run(world -> {
          var disk = world.testHost().disk();
          disk.capacity(10_000); // two blocks
          try (AsyncFile file = AsyncFile.open(FILE, CREATE, WRITE)) {
            assertEquals(8192, file.write(ByteBuffer.allocate(10_000)));
            var full =
                assertThrows(FileSystemException.class, () -> file.write(ByteBuffer.allocate(1)));
            assertEquals("file: No space left on device", full.getMessage());
            assertEquals(1, file.write(ByteBuffer.allocate(1), 0)); // a block that it has
            assertThrows(FileSystemException.class, () -> file.allocate(8192, 1));
            assertEquals(8192, disk.used());
            AsyncFiles.delete(FILE);
            assertEquals(8192, disk.used()); // the file is still open
          }
          assertEquals(0, disk.used());
          AsyncFiles.write(FILE, new byte[4096]);
        });
  }

  @Test
  void theNthReadWriteOrForceFails() throws Exception {
    Simulation.with()
        .run(world -> {
          var disk = world.testHost().disk();
          try (AsyncFile file = AsyncFile.open(FILE, CREATE, READ, WRITE)) {
            file.writeAll("content");
            disk.failRead(2);
            assertEquals(7, file.read(ByteBuffer.allocate(10), 0));
            assertError(() -> file.read(ByteBuffer.allocate(10), 0));
            assertEquals(7, file.read(ByteBuffer.allocate(10), 0));
            disk.failWrite(1);
            assertError(() -> file.writeAll("x"));
            file.writeAll("y");
            disk.failForce(1);
            assertError(() -> file.force(true));
            file.force(true);
          }
          assertEquals("contenty", AsyncFiles.readString(FILE));
        });
  }

  private static void assertError(Action<?> action) {
    var error = assertThrows(FileSystemException.class, action::run);
    assertEquals("Input/output error", error.getReason());
  }

  @Test
  void whatAFailedForceShouldHaveStoredIsLostAlthoughALaterOneSucceeds() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          int[] lives = {0};
          Host host =
              world.host(
                  "db",
                  () -> {
                    if (lives[0]++ == 0) {
                      write("old", true);
                      forceDirectory();
                      try (AsyncFile file = AsyncFile.open(FILE, WRITE)) {
                        file.writeAll("new");
                        world.hosts().getLast().disk().failForce(1);
                        assertError(() -> file.force(true));
                        assertEquals("new", AsyncFiles.readString(FILE));
                        file.force(true);
                      }
                    } else {
                      assertEquals("old", AsyncFiles.readString(FILE));
                    }
                  });
          GoAsync.sleep(SECOND);
          host.crash();
          host.restart();
          GoAsync.sleep(SECOND);
        });
  }

  @Test
  void aFullDescriptorTableRefusesFilesAndSockets() throws Exception {
    Simulation.with()
        .run(world -> {
          Host host = world.testHost();
          host.maxDescriptors(1);
          try (AsyncFile file = AsyncFile.open(FILE, CREATE, WRITE)) {
            var refused =
                assertThrows(FileSystemException.class, () -> AsyncFiles.readString(FILE));
            assertEquals(
                "file: Too many open files (close some, or raise ulimit -n)", refused.getMessage());
            var socket = assertThrows(IOException.class, () -> AsyncSocket.connect("test", 1));
            assertThat(socket).hasMessageStartingWith("Too many open files");
            file.writeAll("content");
          }
          assertEquals("content", AsyncFiles.readString(FILE));
          assertThrows(IllegalArgumentException.class, () -> host.maxDescriptors(-1));
        });
  }

  @Test
  void aSlowDiskTakesItsTimeAndACancelWaitsForIt() throws Exception {
    Simulation.with()
        .run(world -> {
          world.testHost().disk().latency(SECOND, SECOND);
          Duration before = world.elapsed();
          AsyncFiles.createFile(FILE);
          assertEquals(SECOND, world.elapsed().minus(before));
          Task<?> slow = GoAsync.goAsync(() -> AsyncFiles.delete(FILE));
          GoAsync.sleep(Duration.ofMillis(10));
          slow.cancel("test");
          slow.await();
          assertEquals(Duration.ofSeconds(2), world.elapsed().minus(before));
          assertFalse(AsyncFiles.exists(FILE));
        });
  }

  // ---- borders ----

  @Test
  void callsInsideSyncAndOffloadUseTheDiskOfTheHost() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          GoAsync.sync(() -> AsyncFiles.writeString(FILE, "sync"));
          assertEquals("sync", GoAsync.offload(() -> AsyncFiles.readString(FILE)));
          GoAsync.offload(() -> AsyncFiles.delete(FILE));
          assertFalse(GoAsync.sync(() -> AsyncFiles.exists(FILE)));
        });
    assertFalse(Files.exists(FILE));
  }

  @Test
  void eachHostHasADiskOfItsOwnAndTheRealOneIsNotTouched(@TempDir Path real) throws Exception {
    Path path = real.resolve("file");
    Simulation.with()
        .run(world -> {
          assertThrows(FileSystemException.class, () -> AsyncFiles.writeString(path, "x"));
          AsyncFiles.createDirectories(real);
          AsyncFiles.writeString(path, "x");
          Host other = world.host("other", () -> assertFalse(AsyncFiles.exists(real)));
          GoAsync.sleep(SECOND);
          assertTrue(other.isUp());
        });
    assertFalse(Files.exists(path));
  }

  @Test
  void aPathOfAnotherFileSystemIsRefused(@TempDir Path real) throws Exception {
    URI uri = URI.create("jar:" + real.resolve("x.zip").toUri());
    try (var zip = FileSystems.newFileSystem(uri, Map.of("create", "true"))) {
      Path path = zip.getPath("file");
      Simulation.with()
          .run(world -> {
            var refused =
                assertThrows(
                    UnsupportedOperationException.class, () -> AsyncFiles.writeString(path, "x"));
            assertThat(refused).hasMessageContaining("file system of file");
          });
      assertFalse(Files.exists(path));
    }
  }

  @Test
  void aFileThatIsLeftOpenFailsTheRun() {
    var failure =
        assertThrows(
            SimulationFailure.class,
            () -> Simulation.with().run(world -> AsyncFile.open(FILE, CREATE, WRITE)));
    assertThat(failure).hasMessageContaining("files of host test were not closed: [file]");
  }

  @Test
  void aFileBelongsToTheCoroutinesOfItsHost() throws Exception {
    Simulation.with()
        .run(world -> {
          try (AsyncFile file = AsyncFile.open(FILE, CREATE, WRITE)) {
            world.host(
                "other",
                () -> {
                  var refused = assertThrows(IllegalStateException.class, () -> file.writeAll("x"));
                  assertThat(refused).hasMessageContaining("coroutines of that host only");
                });
            GoAsync.sleep(SECOND);
          }
        });
  }

  @Test
  void aSeedDecidesNamesTimesAndLosses() throws Exception {
    Simulation.with()
        .seeds(10)
        .checkDeterminism(world -> {
          Host host =
              world.host(
                  "db",
                  () -> {
                    AsyncFiles.createTempFile(null, null);
                    AsyncFiles.list(Path.of(System.getProperty("java.io.tmpdir")))
                        .forEach(path -> assertTrue(path.toString().endsWith(".tmp")));
                    AsyncFiles.writeString(FILE, "x".repeat(10_000));
                    AsyncFiles.copy(FILE, Path.of("b"), StandardCopyOption.REPLACE_EXISTING);
                    GoAsync.sleep(Duration.ofNanos(AsyncFiles.size(FILE)));
                  });
          GoAsync.sleep(SECOND);
          host.crash();
          host.restart();
          GoAsync.sleep(SECOND);
        });
  }

  @Test
  void wrongArgumentsAreNamed() throws Exception {
    Simulation.with()
        .run(world -> {
          var disk = world.testHost().disk();
          assertThat(assertThrows(IllegalArgumentException.class, () -> disk.capacity(-1)))
              .hasMessage("bytes is negative: -1");
          assertThat(assertThrows(IllegalArgumentException.class, () -> disk.failRead(0)))
              .hasMessage("number must be positive: 0");
        });
  }
}
