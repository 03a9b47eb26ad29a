package dev.goasync.watch;

import static dev.goasync.GoAsync.goAsync;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.sync.Select;
import dev.goasync.testkit.Waiting;
import dev.goasync.watch.FileEvent.Kind;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Watches of files, directories and directory trees. */
@Conformance
final class FileWatchTest {
  @TempDir Path temporary;
  private Path dir;

  @BeforeEach
  void createDirectory() throws IOException {
    dir = Files.createDirectory(temporary.resolve("watched"));
  }

  private static FileEvent event(Kind kind, Path path) {
    return FileEvent.of(kind, path);
  }

  private static FileEvent moved(Path from, Path to) {
    return new FileEvent(Kind.MOVED, to, from);
  }

  /** Takes events up to {@code last}, which is left out, and those of kind MODIFIED. */
  private static List<FileEvent> takeUntil(FileWatch watch, FileEvent last) throws IOException {
    List<FileEvent> taken = new ArrayList<>();
    for (FileEvent next = watch.take(); !next.equals(last); next = watch.take()) {
      if (next.kind() != Kind.MODIFIED) {
        taken.add(next);
      }
    }
    return taken;
  }

  /** The events of all changes so far, up to the creation of a marker file. */
  private List<FileEvent> soFar(FileWatch watch) throws IOException {
    Path mark = dir.resolve("mark");
    Files.createFile(mark);
    List<FileEvent> taken = takeUntil(watch, event(Kind.CREATED, mark));
    Files.delete(mark);
    takeUntil(watch, event(Kind.DELETED, mark));
    return taken;
  }

  @ParameterizedTest
  @EnumSource
  void reportsCreationModificationAndDeletion(Caller caller) throws Exception {
    Path old = Files.createFile(dir.resolve("old"));
    Path below = Files.createDirectory(dir.resolve("below"));
    caller.run(() -> {
      try (FileWatch watch = FileWatch.directory(dir)) {
        Path file = dir.resolve("file");
        Task<?> writer = caller.beside(() -> Files.createFile(file));
        assertThat(watch.take()).isEqualTo(event(Kind.CREATED, file));
        writer.await();
        Files.writeString(file, "content");
        assertThat(watch.take()).isEqualTo(event(Kind.MODIFIED, file));
        Files.createFile(below.resolve("unseen"));
        Files.delete(file);
        Files.delete(old);
        assertThat(soFar(watch))
            .containsExactly(event(Kind.DELETED, file), event(Kind.DELETED, old));
        assertThat(watch.path()).isEqualTo(dir);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void movesHaveBothPaths(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofMoves());
    Path one = Files.createFile(dir.resolve("one"));
    Path outside = Files.createFile(temporary.resolve("outside"));
    Path directory = Files.createDirectory(dir.resolve("directory"));
    caller.run(() -> {
      try (FileWatch watch = FileWatch.directoryTree(dir)) {
        Path two = Files.move(one, dir.resolve("two"));
        assertThat(watch.take()).isEqualTo(moved(one, two));
        Path three = Files.move(two, directory.resolve("three"));
        Path come = Files.move(outside, dir.resolve("come"));
        Path away = Files.move(three, temporary.resolve("away"));
        assertThat(watch.take()).isEqualTo(moved(two, three));
        assertThat(watch.take()).isEqualTo(event(Kind.CREATED, come));
        assertThat(watch.take()).isEqualTo(event(Kind.DELETED, three));
        Files.move(away, come, ATOMIC_MOVE);
        assertThat(watch.take()).isEqualTo(event(Kind.CREATED, come));
        assertThat(soFar(watch)).isEmpty();
      }
    });
  }

  @Test
  void entriesOfNewDirectoriesAreReportedExactlyOnce() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (FileWatch watch = FileWatch.directoryTree(dir)) {
        Set<Path> expected = new HashSet<>();
        Task<?> maker =
            goAsync(() ->
                GoAsync.offload(() -> {
                  for (int i = 0; i < 100; i++) {
                    Path middle = dir.resolve("a" + i).resolve("b");
                    Path deep = Files.createDirectories(middle.resolve("c"));
                    Files.createFile(deep.resolve("first"));
                    Files.createFile(middle.resolve("second"));
                  }
                  Files.createFile(dir.resolve("last"));
                }));
        for (int i = 0; i < 100; i++) {
          Path top = dir.resolve("a" + i);
          Path middle = top.resolve("b");
          Path deep = middle.resolve("c");
          expected.addAll(
              List.of(top, middle, deep, deep.resolve("first"), middle.resolve("second")));
        }
        List<FileEvent> events = takeUntil(watch, event(Kind.CREATED, dir.resolve("last")));
        maker.await();
        events.addAll(soFar(watch));
        assertThat(events).allMatch(event -> event.kind() == Kind.CREATED);
        assertThat(events.stream().map(FileEvent::path))
            .doesNotHaveDuplicates()
            .containsExactlyInAnyOrderElementsOf(expected);
        Path file = dir.resolve("a7/b/c/first");
        Files.delete(file);
        Files.createFile(file);
        assertThat(soFar(watch))
            .containsExactly(event(Kind.DELETED, file), event(Kind.CREATED, file));
      }
    });
  }

  @Test
  void aMovedDirectoryIsWatchedUnderItsNewName() throws Exception {
    Path inner = Files.createDirectories(dir.resolve("old/inner"));
    try (FileWatch watch = FileWatch.directoryTree(dir)) {
      Path renamed = Files.move(dir.resolve("old"), dir.resolve("new"));
      soFar(watch);
      Path file = Files.createFile(renamed.resolve("inner/file"));
      assertThat(soFar(watch)).containsExactly(event(Kind.CREATED, file));
      Path away = Files.move(renamed, temporary.resolve("away"));
      assertThat(soFar(watch)).containsExactly(event(Kind.DELETED, renamed));
      Files.createFile(away.resolve("inner/unseen"));
      assertThat(soFar(watch)).isEmpty();
      Files.createDirectories(inner);
      Path again = Files.createFile(inner.resolve("file"));
      assertThat(soFar(watch)).contains(event(Kind.CREATED, again));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileIsWatchedByItsPath(Caller caller) throws Exception {
    Path file = dir.resolve("settings");
    caller.run(() -> {
      try (FileWatch watch = FileWatch.file(file)) {
        Files.createFile(dir.resolve("another"));
        Files.writeString(file, "first");
        assertThat(takeUntil(watch, event(Kind.MODIFIED, file)))
            .containsExactly(event(Kind.CREATED, file));
        for (int i = 0; i < 2; i++) {
          Path saved = Files.writeString(dir.resolve("settings.tmp"), "saved by renaming");
          Files.move(saved, file, ATOMIC_MOVE);
          assertThat(watch.take()).isEqualTo(event(Kind.MODIFIED, file));
          Files.writeString(file, "and written to", APPEND);
          assertThat(watch.take()).isEqualTo(event(Kind.MODIFIED, file));
        }
        Files.move(file, dir.resolve("settings~"));
        assertThat(takeUntil(watch, event(Kind.DELETED, file))).isEmpty();
        Files.createFile(file);
        assertThat(takeUntil(watch, event(Kind.CREATED, file))).isEmpty();
        Files.delete(file);
        assertThat(takeUntil(watch, event(Kind.DELETED, file))).isEmpty();
        assertThat(watch).hasToString("FileWatch[" + file + "]");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void debouncedEventsAreReturnedTogether(Caller caller) throws Exception {
    caller.run(() -> {
      try (FileWatch watch = FileWatch.directoryTree(dir)) {
        Path file = dir.resolve("file");
        Path other = dir.resolve("other");
        Files.writeString(file, "a");
        Files.writeString(other, "b");
        Files.writeString(file, "c");
        assertThat(watch.takeDebounced(Duration.ofMillis(20)))
            .contains(event(Kind.CREATED, file), event(Kind.CREATED, other))
            .doesNotHaveDuplicates();
        Files.delete(file);
        assertThat(watch.takeDebounced(Duration.ZERO)).contains(event(Kind.DELETED, file));
      }
    });
  }

  @Test
  void debouncingEndsAlthoughChangesGoOn() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (FileWatch watch = FileWatch.directory(dir)) {
        Path file = Files.createFile(dir.resolve("file"));
        Task<?> writer =
            goAsync(() -> {
              while (true) {
                Files.writeString(file, "x", APPEND);
                Files.createFile(dir.resolve("more"));
                Files.delete(dir.resolve("more"));
                GoAsync.yield();
              }
            });
        List<FileEvent> taken = watch.takeDebounced(Duration.ofMillis(20));
        writer.cancel();
        Caller.settle(writer);
        assertThat(taken).isNotEmpty();
      }
    });
  }

  @Test
  void anOverflowIsReportedAndNewDirectoriesAreWatched() throws Exception {
    try (FileWatch watch = FileWatch.directoryTree(dir)) {
      Path much = dir.resolve("much");
      for (int i = 0; i < 9_000; i++) {
        Files.createFile(much);
        Files.delete(much);
      }
      Path directory = Files.createDirectory(dir.resolve("directory"));
      takeUntil(watch, event(Kind.OVERFLOW, dir));
      Path file = directory.resolve("file");
      Waiting.until(() -> { // the overflow may be reported before the directory's own event
        Files.deleteIfExists(file);
        Files.createFile(file);
        return watch.takeDebounced(Duration.ofMillis(50)).contains(event(Kind.CREATED, file));
      });
    }
  }

  @Test
  void theDeletionOfTheRootIsTheLastEvent() throws Exception {
    try (FileWatch watch = FileWatch.directoryTree(dir)) {
      Path file = Files.createFile(dir.resolve("file"));
      Files.delete(file);
      Files.delete(dir);
      assertThat(takeUntil(watch, event(Kind.DELETED, dir)))
          .containsExactly(event(Kind.CREATED, file), event(Kind.DELETED, file));
      assertThatThrownBy(watch::take)
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining(dir.toString());
    }
  }

  /** The kernel drops the end of the watch, too, when its queue is full. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theEndOfTheRootIsReportedAfterAnOverflow(boolean moves) throws Exception {
    if (moves) {
      Differences.assumeNone(Differences.ofMoves());
    }
    Path root = dir.resolve("root");
    for (boolean tree : new boolean[] {true, false}) {
      Files.createDirectory(root);
      Path one = Files.createFile(root.resolve("one"));
      Path two = Files.createFile(root.resolve("two"));
      try (FileWatch watch = tree ? FileWatch.directoryTree(root) : FileWatch.directory(root)) {
        for (int i = 0; i < 9_000; i++) {
          Files.write(one, new byte[1], APPEND);
          Files.write(two, new byte[1], APPEND);
        }
        if (moves) {
          Files.move(root, dir.resolve("moved " + tree));
        } else {
          Files.delete(one);
          Files.delete(two);
          Files.delete(root);
        }
        Files.createDirectory(root); // another one at the same path
        takeUntil(watch, event(Kind.DELETED, root));
        assertThatThrownBy(watch::take).isInstanceOf(NoSuchFileException.class);
      }
      Files.delete(root);
    }
  }

  @Test
  void aCancelledWaitTakesNoEvent() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (FileWatch watch = FileWatch.directoryTree(dir)) {
        Task<?> taking = goAsync(() -> watch.take());
        Waiting.forATurn();
        assertThatThrownBy(watch::take).isInstanceOf(IllegalStateException.class);
        taking.cancel();
        assertThatThrownBy(taking::await).isInstanceOf(CancellationException.class);
        Path file = Files.createFile(dir.resolve("file"));
        Task<?> gathering = goAsync(() -> watch.takeDebounced(Duration.ofDays(1)));
        while (!isTaken(watch)) {
          Waiting.forATurn();
        }
        gathering.cancel();
        assertThatThrownBy(gathering::await).isInstanceOf(CancellationException.class);
        assertThat(watch.take()).isEqualTo(event(Kind.CREATED, file));
      }
    });
  }

  /** Whether another caller has taken all events. */
  private static boolean isTaken(FileWatch watch) throws IOException {
    return !watch.pending().isReady();
  }

  @Test
  void anInterruptEndsTheWaitOfAThread() throws Exception {
    try (FileWatch watch = FileWatch.directory(dir)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(watch::take).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      Path file = Files.createFile(dir.resolve("file"));
      assertThat(watch.take()).isEqualTo(event(Kind.CREATED, file));
    }
  }

  @Test
  void closingEndsTheWait() throws Exception {
    Caller.COROUTINE.run(() -> {
      FileWatch watch = FileWatch.directory(dir);
      Task<?> taking = goAsync(() -> watch.take());
      Waiting.forATurn();
      watch.close();
      watch.close();
      assertThatThrownBy(() -> Caller.finish(taking))
          .isInstanceOf(AsynchronousCloseException.class);
      assertThatThrownBy(watch::take).isInstanceOf(ClosedChannelException.class);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aSelectWaitsForChanges(Caller caller) throws Exception {
    caller.run(() -> {
      try (FileWatch watch = FileWatch.directory(dir)) {
        List<String> happened = new ArrayList<>();
        Select either =
            Select.first()
                .onReady(watch.pending(), () -> happened.add("change"))
                .after(Duration.ofMillis(1), () -> happened.add("time"));
        either.run();
        Task<?> maker = caller.beside(() -> Files.createFile(dir.resolve("file")));
        watch.pending().await();
        maker.await();
        Select.first().onReady(watch.pending(), () -> happened.add("change")).run();
        assertThat(happened).containsExactly("time", "change");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void rejectsPathsThatCannotBeWatched(Caller caller) throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    caller.run(() -> {
      assertThatThrownBy(() -> FileWatch.directoryTree(dir.resolve("none")))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> FileWatch.file(dir.resolve("none/file")))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> FileWatch.directory(file)).isInstanceOf(NotDirectoryException.class);
      assertThatThrownBy(() -> FileWatch.file(Path.of("/")))
          .isInstanceOf(IllegalArgumentException.class);
      try (FileWatch watch = FileWatch.directory(dir)) {
        assertThatThrownBy(() -> watch.takeDebounced(Duration.ofMillis(-1)))
            .isInstanceOf(IllegalArgumentException.class);
      }
    });
  }
}
