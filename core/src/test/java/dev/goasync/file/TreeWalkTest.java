package dev.goasync.file;

import static java.nio.file.FileVisitOption.FOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.sync.Event;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tree walks with a visitor: order, concurrency, failures and cancellation. */
@Conformance
final class TreeWalkTest {
  private static final int FILES = 200;

  @TempDir Path dir;
  private Path root = Path.of("");

  @BeforeEach
  void makeTree() throws Exception {
    root = Files.createDirectory(dir.resolve("root"));
    Path wide = Files.createDirectory(root.resolve("wide"));
    for (int i = 0; i < FILES; i++) {
      Files.createFile(wide.resolve("file" + i));
    }
    for (int i = 0; i < 10; i++) {
      Path deep = Files.createDirectories(root.resolve("directory" + i + "/a/b/c"));
      Files.writeString(deep.resolve("file"), "deep");
    }
    Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));
  }

  private static Set<Path> all(Path start) throws IOException {
    try (Stream<Path> walk = Files.walk(start)) {
      return new HashSet<>(walk.toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void visitsEachEntryOnceAndDirectoriesFirst(Caller caller) throws Exception {
    for (int concurrency : new int[] {1, 3, 100}) {
      List<Path> visited = new ArrayList<>();
      caller.run(() ->
          AsyncFiles.walk(
              root,
              concurrency,
              (path, attributes) -> {
                assertThat(attributes.isDirectory()).isEqualTo(Files.isDirectory(path));
                assertThat(attributes.isSymbolicLink()).isEqualTo(path.endsWith("dangling"));
                assertThat(path.equals(root) || visited.contains(path.getParent())).isTrue();
                GoAsync.yield();
                visited.add(path);
              }));
      assertThat(visited).doesNotHaveDuplicates().hasSameElementsAs(all(root));
    }
  }

  /**
   * Visitors of files wait until three of them run. They do, in any order of the reads: a walker
   * ends only if no directory is left to read, and each of the eleven directories has files.
   */
  @Test
  void visitsRunAtOnceUpToTheMaximumConcurrency() throws Exception {
    int[] inside = {0, 0};
    Event threeInside = Event.manualReset();
    Caller.COROUTINE.run(() ->
        AsyncFiles.walk(
            root,
            3,
            (path, attributes) -> {
              inside[0]++;
              inside[1] = Math.max(inside[1], inside[0]);
              if (inside[0] == 3) {
                threeInside.set();
              }
              if (attributes.isRegularFile()) {
                threeInside.await();
              }
              GoAsync.sleep(Duration.ofNanos(1)); // a fourth visitor would begin meanwhile
              inside[0]--;
            }));
    assertThat(inside).containsExactly(0, 3);
  }

  @ParameterizedTest
  @EnumSource
  void theStartMayBeAFile(Caller caller) throws Exception {
    Path file = root.resolve("wide/file0");
    List<Path> visited = new ArrayList<>();
    caller.run(() -> AsyncFiles.walk(file, 5, (path, attributes) -> visited.add(path)));
    assertThat(visited).containsExactly(file);
  }

  @ParameterizedTest
  @EnumSource
  void theFirstFailureEndsTheWalk(Caller caller) throws Exception {
    IOException failure = new IOException("by the visitor");
    RuntimeException unchecked = new IllegalStateException("by the visitor");
    caller.run(() -> {
      assertThatThrownBy(() ->
              AsyncFiles.walk(
                  root,
                  4,
                  (path, attributes) -> {
                    if (path.endsWith("file7")) {
                      throw failure;
                    }
                  }))
          .isSameAs(failure);
      assertThatThrownBy(() ->
              AsyncFiles.walk(
                  root,
                  4,
                  (path, attributes) -> {
                    if (path.endsWith("c")) {
                      throw unchecked;
                    }
                  }))
          .isSameAs(unchecked);
      assertThatThrownBy(() -> AsyncFiles.walk(root.resolve("none"), 1, (path, attributes) -> {}))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("none");
      assertThatThrownBy(() -> AsyncFiles.walk(root, 0, (path, attributes) -> {}))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }

  /** The visitor replaces a directory by a file before the walk reads it. */
  @ParameterizedTest
  @EnumSource
  void unreadableDirectoriesAreReportedOrEndTheWalk(Caller caller) throws Exception {
    Path gone = root.resolve("directory3");
    List<Path> failed = new ArrayList<>();
    caller.run(() -> {
      assertThatThrownBy(() -> AsyncFiles.walk(root, 2, replacing(gone, null)))
          .isInstanceOf(NotDirectoryException.class)
          .hasMessageContaining("directory3");
      Files.delete(gone);
      Files.createDirectory(gone);
      AsyncFiles.walk(root, 2, replacing(gone, failed));
    });
    assertThat(failed).containsExactly(gone);
  }

  /** The visitor deletes a directory that the walk has found and not read yet. */
  @ParameterizedTest
  @EnumSource
  void vanishedDirectoriesAreLeftOut(Caller caller) throws Exception {
    Path gone = root.resolve("directory3");
    List<Path> visited = new ArrayList<>();
    caller.run(() ->
        AsyncFiles.walk(
            root,
            2,
            (path, attributes) -> {
              visited.add(path);
              if (path.equals(gone)) {
                deleteTree(gone);
              }
            }));
    assertThat(visited).contains(gone).doesNotContain(gone.resolve("a"));
    assertThat(visited).containsAll(all(root));
  }

  private static void deleteTree(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      all.sorted(Comparator.reverseOrder()).forEach(each -> each.toFile().delete());
    }
  }

  private static PathVisitor replacing(Path gone, @Nullable List<Path> failed) {
    return new PathVisitor() {
      @Override
      public void visit(Path path, BasicFileAttributes attributes) throws IOException {
        if (path.equals(gone)) {
          deleteTree(gone);
          Files.createFile(gone);
        }
      }

      @Override
      public void failed(Path path, IOException cause) throws IOException {
        if (failed == null) {
          throw cause;
        }
        failed.add(path);
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void followsLinksAndDetectsLoops(Caller caller) throws Exception {
    Path linked = Files.createDirectories(dir.resolve("linked/inner"));
    Files.createFile(linked.resolve("behind"));
    Files.createSymbolicLink(root.resolve("link"), linked.getParent());
    List<Path> visited = new ArrayList<>();
    caller.run(() -> {
      AsyncFiles.walk(root, 4, (path, attributes) -> visited.add(path), FOLLOW_LINKS);
      try (Stream<Path> expected = Files.walk(root, FOLLOW_LINKS)) {
        assertThat(visited).hasSameElementsAs(expected.toList());
      }
      Files.createSymbolicLink(linked.resolve("back"), root);
      assertThatThrownBy(() -> AsyncFiles.walk(root, 4, (path, attributes) -> {}, FOLLOW_LINKS))
          .isInstanceOf(FileSystemLoopException.class);
    });
  }

  @Test
  void aCancelEndsAllVisits() throws Exception {
    Caller.COROUTINE.run(() -> {
      int[] inside = {0};
      Task<?> walk =
          GoAsync.goAsync(() ->
              AsyncFiles.walk(
                  root,
                  5,
                  (path, attributes) -> {
                    if (attributes.isRegularFile()) {
                      inside[0]++;
                      try {
                        GoAsync.sleep(Duration.ofDays(1));
                      } finally {
                        inside[0]--;
                      }
                    }
                  }));
      while (inside[0] < 5) {
        GoAsync.sleep(Duration.ofNanos(1));
      }
      walk.cancel("by the test");
      assertThatThrownBy(walk::await).isInstanceOf(CancellationException.class);
      assertThat(inside[0]).isZero();
    });
  }

  @ParameterizedTest
  @EnumSource
  void aStreamThatIsClosedEarlyLeavesNoDescriptorOpen(Caller caller) throws Exception {
    caller.run(() -> {
      try (Stream<Path> walk = AsyncFiles.walk(root)) {
        assertThat(walk.limit(3)).hasSize(3);
      }
    });
  }
}
