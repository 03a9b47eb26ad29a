package dev.goasync.watch;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.LongRunning;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Changes a random tree in random ways and applies the events to a model. After each burst of
 * changes the model must become equal to the tree: names, kinds and contents. The seed is in the
 * failure; {@code -Dgoasync.watch.seed} and {@code -Dgoasync.watch.seeds} choose others.
 */
@Conformance
@LongRunning
final class WatchModelTest {
  private static final long FIRST_SEED = Long.getLong("goasync.watch.seed", 1);
  private static final int SEEDS = Integer.getInteger("goasync.watch.seeds", 4);
  private static final int BURSTS = 8;
  private static final int MAX_CHANGES = 25;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(10);

  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource
  void theEventsLeadFromEachStateToTheNext(Caller caller) throws Exception {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      Tree tree = new Tree(Files.createDirectory(temporary.resolve("seed" + seed)), seed);
      caller.run(() -> {
        for (int i = 0; i < MAX_CHANGES; i++) {
          tree.change();
        }
        try (FileWatch watch = FileWatch.directoryTree(tree.root)) {
          Model model = new Model(tree.root);
          for (int burst = 0; burst < BURSTS; burst++) {
            int changes = 1 + tree.random.nextInt(MAX_CHANGES);
            for (int i = 0; i < changes; i++) {
              tree.change();
            }
            follow(watch, model, "seed " + tree.seed + ", burst " + burst);
          }
        }
      });
    }
  }

  private static void follow(FileWatch watch, Model model, String where) throws IOException {
    List<FileEvent> events = new ArrayList<>();
    while (true) {
      boolean isEqual = model.states.equals(statesOf(model.root));
      if (isEqual && !watch.pending().isReady()) {
        return;
      }
      try {
        Duration timeout = isEqual ? SHORT : PATIENCE; // the rest may be no event
        FileEvent event = GoAsync.<FileEvent, IOException>withTimeout(timeout, watch::take);
        events.add(event);
        model.apply(event);
      } catch (DeadlineExceededException noMoreEvents) {
        assertThat(model.states).as("%s after %s", where, events).isEqualTo(statesOf(model.root));
      }
    }
  }

  /** What a path is: a directory, or a file with its content. */
  private static String stateOf(Path path) throws IOException {
    try {
      return Files.isDirectory(path) ? "directory" : "file " + Files.readString(path);
    } catch (NoSuchFileException gone) {
      return "gone";
    }
  }

  private static Map<Path, String> statesOf(Path root) throws IOException {
    Map<Path, String> states = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        states.put(path, stateOf(path));
      }
    }
    return states;
  }

  /** The state that the events have led to. Reads a file again at each event that names it. */
  private static final class Model {
    final Path root;
    final Map<Path, String> states;

    Model(Path root) throws IOException {
      this.root = root;
      this.states = statesOf(root);
    }

    void apply(FileEvent event) throws IOException {
      Path path = event.path();
      switch (event.kind()) {
        case CREATED, MODIFIED -> states.put(path, stateOf(path));
        case DELETED -> states.keySet().removeIf(each -> each.startsWith(path));
        case MOVED -> {
          Path from = Objects.requireNonNull(event.from());
          Map<Path, String> moved = new TreeMap<>(states);
          moved.keySet().removeIf(each -> !each.startsWith(from));
          states.keySet().removeIf(each -> each.startsWith(path) || each.startsWith(from));
          states.put(path, stateOf(path));
          for (Path each : moved.keySet()) {
            Path now = path.resolve(from.relativize(each));
            states.put(now, stateOf(now)); // what was read before may have been another file
          }
        }
        case OVERFLOW -> {
          states.clear();
          states.putAll(statesOf(root));
        }
      }
    }
  }

  /** The tree on the disk, and a place outside it. */
  private static final class Tree {
    final Path root;
    final long seed;
    final Random random;
    private final Path outside;
    private int count;

    Tree(Path parent, long seed) throws IOException {
      this.root = Files.createDirectory(parent.resolve("watched"));
      this.outside = Files.createDirectory(parent.resolve("outside"));
      this.seed = seed;
      this.random = new Random(seed);
    }

    private Path pick(Path top, boolean directories, boolean withTop) throws IOException {
      try (Stream<Path> all = Files.walk(top)) {
        List<Path> found =
            all.filter(path -> Files.isDirectory(path) == directories)
                .filter(path -> withTop || !path.equals(top))
                .sorted()
                .toList();
        return found.isEmpty() ? top : found.get(random.nextInt(found.size()));
      }
    }

    /** One of few names, so that they meet again. */
    private Path place(Path directory) {
      return directory.resolve(String.valueOf((char) ('a' + random.nextInt(6))));
    }

    void change() throws IOException {
      Path directory = pick(root, true, true);
      Path file = pick(root, false, false);
      Path inner = pick(root, true, false);
      Path place = place(directory);
      switch (random.nextInt(10)) {
        case 0, 1 -> write(place);
        case 2 -> makeDirectory(place);
        case 3 -> makeDirectory(place(place(place)));
        case 4 -> append(file);
        case 5 -> delete(random.nextInt(3) == 0 ? inner : file);
        case 6 -> rename(file, place);
        case 7 -> rename(inner, place);
        case 8 -> rename(random.nextBoolean() ? inner : file, place(outside));
        default -> {
          Path source = outside.resolve("new" + count++);
          makeDirectory(source.resolve("a/b"));
          write(source.resolve("a/c"));
          rename(random.nextBoolean() ? source : source.resolve("a/c"), place);
        }
      }
    }

    private void write(Path path) throws IOException {
      if (!Files.exists(path)) {
        Files.writeString(path, "content " + count++);
      }
    }

    private static void makeDirectory(Path path) throws IOException {
      for (Path above = path; above != null; above = above.getParent()) {
        if (Files.isRegularFile(above)) {
          return;
        }
      }
      Files.createDirectories(path);
    }

    private void append(Path path) throws IOException {
      if (Files.isRegularFile(path)) {
        Files.writeString(path, " and more " + count++, APPEND);
      }
    }

    private void delete(Path path) throws IOException {
      if (!path.equals(root)) {
        try (Stream<Path> all = Files.walk(path)) {
          for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(each);
          }
        }
      }
    }

    /** Replaces what rename(2) can replace: a file by a file, an empty directory by a directory. */
    private void rename(Path from, Path to) throws IOException {
      if (from.equals(root) || to.startsWith(from) || from.equals(to)) {
        return;
      }
      try {
        Files.move(from, to, ATOMIC_MOVE);
      } catch (FileSystemException otherKindOrNotEmpty) {
        // the tree is unchanged
      }
    }
  }
}
