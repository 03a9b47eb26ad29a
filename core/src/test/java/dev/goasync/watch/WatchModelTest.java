package dev.goasync.watch;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.testkit.LongRunning;
import dev.goasync.testkit.Scripts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Changes a random tree in random ways and applies the events to a model. After each burst of
 * changes the model must become equal to the tree: names, kinds and contents. Some bursts overflow
 * the queue of changes; in the end some trees are deleted, moved away or replaced.
 */
@Conformance
@LongRunning
final class WatchModelTest {
  private static final int SCRIPTS = 8;
  private static final int BURSTS = 8;
  private static final int MAX_CHANGES = 25;
  private static final int MAX_SHOWN = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(10);

  /** What happens to the root at last. */
  private enum End {
    NONE,
    DELETED,
    MOVED,
    REPLACED
  }

  @TempDir Path temporary;

  @Test
  void theEventsLeadFromEachStateToTheNext() throws Exception {
    Scripts.run("watches", SCRIPTS, this::script);
  }

  /**
   * A directory takes a name that a change in the queue still means for another file: a file moved
   * away first, a directory whose new parent was listed first, one that left a name to a file, one
   * whose entry disappeared before it moved itself and another directory took its path.
   */
  @ParameterizedTest
  @ValueSource(longs = {51000003, 51000013, 51000021, 457243807, 1643383740})
  void namesOfTheQueueMayMeanOtherFiles(long seed) throws Exception {
    script(seed);
  }

  private void script(long seed) throws Exception {
    Path parent = Files.createDirectory(temporary.resolve("seed" + seed));
    Tree tree = new Tree(parent, seed);
    Random random = tree.random;
    boolean overflows = random.nextInt(3) == 0;
    End end = Scripts.pick(random, End.values());
    Caller caller = Scripts.pick(random, Caller.values());
    caller.run(() -> {
      tree.changes();
      try (FileWatch watch = FileWatch.directoryTree(tree.root)) {
        Model model = new Model(tree.root);
        int overflowing = overflows ? random.nextInt(BURSTS + 1) : -1;
        for (int burst = 0; burst < BURSTS; burst++) {
          tree.changes();
          if (burst == overflowing) {
            tree.flood();
            tree.changes();
          }
          follow(watch, model, "burst " + burst);
        }
        tree.changes();
        if (overflowing == BURSTS) {
          tree.flood();
        }
        if (tree.end(end)) {
          followToTheEnd(watch, model);
        }
      }
    });
    Tree.delete(parent);
  }

  private static void followToTheEnd(FileWatch watch, Model model) throws IOException {
    List<FileEvent> events = new ArrayList<>();
    try {
      while (true) {
        FileEvent event = GoAsync.<FileEvent, IOException>withTimeout(PATIENCE, watch::take);
        events.add(event);
        model.apply(event);
      }
    } catch (DeadlineExceededException noEnd) {
      throw new AssertionError("the watch goes on after " + last(events), noEnd);
    } catch (NoSuchFileException end) {
      assertThat(end).hasMessageContaining("the watched path was deleted or moved");
    }
    assertThat(events.getLast()).isEqualTo(new FileEvent(FileEvent.Kind.DELETED, model.root, null));
    assertThat(model.states).isEmpty();
  }

  private static void follow(FileWatch watch, Model model, String where) throws IOException {
    List<FileEvent> events = new ArrayList<>();
    while (true) {
      boolean isPending = watch.pending().isReady();
      boolean isEqual = !isPending && model.states.equals(statesOf(model.root));
      if (isEqual && !watch.pending().isReady()) {
        return;
      }
      boolean mayBeNoEvent = isEqual || isPending;
      try {
        Duration timeout = mayBeNoEvent ? SHORT : PATIENCE;
        FileEvent event = GoAsync.<FileEvent, IOException>withTimeout(timeout, watch::take);
        events.add(event);
        model.apply(event);
      } catch (DeadlineExceededException noMoreEvents) {
        if (!mayBeNoEvent) {
          assertThat(model.states)
              .as("%s after %s", where, last(events))
              .isEqualTo(statesOf(model.root));
        }
      }
    }
  }

  private static List<FileEvent> last(List<FileEvent> events) {
    return events.subList(Math.max(0, events.size() - MAX_SHOWN), events.size());
  }

  /** What a path is: a directory, or a file with its content. */
  private static String stateOf(Path path) throws IOException {
    try {
      return Files.isDirectory(path) ? "directory" : "file " + Files.readString(path);
    } catch (FileSystemException gone) {
      return "gone";
    }
  }

  private static Map<Path, String> statesOf(Path root) throws IOException {
    Map<Path, String> states = new TreeMap<>();
    if (!Files.exists(root)) {
      return states;
    }
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
    private static final int MAX_QUEUED_BY_KERNEL = 17_000;
    private static final int MAX_QUEUED_BY_JDK = 600;

    final Path root;
    final Random random;
    private final Path outside;
    private int count;

    Tree(Path parent, long seed) throws IOException {
      this.root = Files.createDirectory(parent.resolve("watched"));
      this.outside = Files.createDirectory(parent.resolve("outside"));
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

    void changes() throws IOException {
      int changes = 1 + random.nextInt(MAX_CHANGES);
      for (int i = 0; i < changes; i++) {
        change();
      }
    }

    /** Makes more changes than a queue holds: the kernel's, or of nio the JDK's. */
    void flood() throws IOException {
      Path one = root.resolve("one");
      Path two = root.resolve("two");
      ByteBuffer content = ByteBuffer.wrap(new byte[] {'x'});
      try (FileChannel first = FileChannel.open(one, WRITE, CREATE);
          FileChannel second = FileChannel.open(two, WRITE, CREATE)) {
        for (int i = 0; i < MAX_QUEUED_BY_KERNEL / 2; i++) {
          first.write(content.rewind(), 0);
          second.write(content.rewind(), 0);
        }
      }
      for (int i = 0; i < MAX_QUEUED_BY_JDK; i++) {
        Files.delete(Files.createFile(root.resolve("flood" + i)));
      }
      Files.delete(one);
      Files.delete(two);
    }

    /** Ends the root; false if the backend does not notice that. */
    boolean end(End end) throws IOException {
      boolean noticesMoves = Differences.ofMoves() == null;
      switch (end) {
        case NONE -> {
          return false;
        }
        case DELETED -> delete(root);
        case MOVED, REPLACED -> {
          Files.move(root, root.resolveSibling("moved"));
          if (end == End.REPLACED) {
            makeDirectory(root.resolve("another"));
          }
        }
      }
      return end == End.DELETED || noticesMoves;
    }

    private void change() throws IOException {
      Path directory = pick(root, true, true);
      Path file = pick(root, false, false);
      Path inner = pick(root, true, false);
      Path place = place(directory);
      switch (random.nextInt(10)) {
        case 0, 1 -> write(place);
        case 2 -> makeDirectory(place);
        case 3 -> makeDirectory(place(place(place)));
        case 4 -> append(file);
        case 5 -> {
          Path victim = random.nextInt(3) == 0 ? inner : file;
          if (!victim.equals(root)) {
            delete(victim);
          }
        }
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

    static void delete(Path path) throws IOException {
      try (Stream<Path> all = Files.walk(path)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
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
