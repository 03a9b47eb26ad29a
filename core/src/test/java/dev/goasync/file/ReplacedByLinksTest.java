package dev.goasync.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Action;
import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operations of an {@link AsyncDirectory} while its entries are replaced by links. */
@Conformance
final class ReplacedByLinksTest {
  @TempDir Path parent;
  private Path root;

  @BeforeEach
  void makeTree() throws IOException {
    root = Files.createDirectory(parent.resolve("root"));
    Files.writeString(parent.resolve("secret"), "secret");
    Files.writeString(Files.createDirectories(parent.resolve("outside")).resolve("file"), "secret");
    Files.writeString(root.resolve("file"), "top");
    Files.writeString(Files.createDirectories(root.resolve("a/b")).resolve("file"), "deep");
    Files.createSymbolicLink(root.resolve("out"), Path.of("../secret"));
  }

  /** Another thread replaces directories and files by links to the outside, all the time. */
  @ParameterizedTest
  @EnumSource
  void noReplacementByALinkLeadsOut(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofDirectoriesByPath());
    Swaps swaps = new Swaps(root);
    Thread swapper = Thread.ofPlatform().start(swaps);
    try {
      caller.run(() -> openWhile(swaps));
    } finally {
      swaps.stopped = true;
      swapper.join();
    }
    assertThat(swaps.failure).isNull();
    try (var outside = Files.list(parent.resolve("outside"))) {
      assertThat(outside).containsExactly(parent.resolve("outside/file"));
    }
    assertThat(parent.resolve("outside/file")).hasContent("secret");
  }

  private void openWhile(Swaps swaps) throws IOException {
    try (var directory = AsyncDirectory.open(root)) {
      int inside = 0;
      for (int i = 0; i < 1000 || swaps.count.get() < 200 || inside == 0; i++) {
        inside += readInside(directory, "a/b/file", "deep");
        inside += readInside(directory, "file", "top");
        String name = "a/b/new" + i;
        attempt(() -> directory.createFile(name));
        attempt(() -> directory.rename(name, "a/b/new"));
        attempt(() -> directory.delete("a/b/new"));
        attempt(() -> directory.stat("a/b/file").size());
      }
    }
  }

  private static int readInside(AsyncDirectory directory, String path, String content) {
    String[] found = {""};
    attempt(() -> {
      try (var file = directory.openFile(path)) {
        found[0] = file.readAll();
      }
    });
    if (!found[0].isEmpty()) {
      assertThat(found[0]).isEqualTo(content);
      return 1;
    }
    return 0;
  }

  private static void attempt(Action<IOException> operation) {
    try {
      operation.run();
    } catch (IOException replaced) {
      // by a link, or missing for a moment
    }
  }

  /** Exchanges {@code a/b} with a link to a directory outside, and a file with a link to one. */
  private static final class Swaps implements Runnable {
    private final Path root;
    final AtomicInteger count = new AtomicInteger();
    volatile boolean stopped;
    volatile @Nullable Throwable failure;

    Swaps(Path root) {
      this.root = root;
    }

    @Override
    public void run() {
      try {
        Files.createSymbolicLink(root.resolve("toOutside"), Path.of("../../outside"));
        while (!stopped) {
          exchange(root.resolve("a/b"), root.resolve("toOutside"));
          exchange(root.resolve("file"), root.resolve("out"));
          count.incrementAndGet();
        }
      } catch (IOException failed) {
        failure = failed;
      }
    }

    private void exchange(Path inside, Path link) throws IOException {
      Path kept = root.resolve("kept");
      Files.move(inside, kept);
      Files.move(link, inside);
      Files.move(inside, link);
      Files.move(kept, inside);
    }
  }
}
