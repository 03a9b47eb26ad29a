package dev.goasync.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import dev.goasync.file.FilesCall.Face;
import dev.goasync.testkit.LongRunning;
import dev.goasync.testkit.Scripts;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls random methods of {@code AsyncFiles}, or of {@code Files} with paths of {@code
 * AsyncFileSystem}, in one tree and those of {@code Files} in an equal tree.
 */
@Conformance
@LongRunning
final class FilesScriptsTest {
  private static final int SCRIPTS = 300;
  private static final int MAX_CALLS = 16;
  private static final FileAttribute<?>[] DEFAULTS = {};
  private static final List<String> NAMES =
      List.of("a", "b", "d", "l", "a", "d/a", "d/b", "d/e", "d/e/a", "l/a", "none/a", "d/../a", "");

  /** The owner keeps all rights, so that the tree can be compared and deleted. */
  private static final List<Set<PosixFilePermission>> PERMISSIONS =
      Stream.of("rwx------", "rwxr-x---", "rwxrwxrwx")
          .map(PosixFilePermissions::fromString)
          .toList();

  @TempDir Path dir;

  @Test
  void scripts() throws Exception {
    Scripts.run("trees", SCRIPTS, this::script);
  }

  void script(long seed) throws Exception {
    Random random = new Random(seed);
    Caller caller = Scripts.pick(random, Caller.values());
    Face face = Scripts.pick(random, Face.values());
    Path ours = tree(dir.resolve("ours"));
    Path jdks = tree(dir.resolve("jdks"));
    List<FilesCall> done = new ArrayList<>();
    try {
      caller.run(() -> {
        int calls = 1 + random.nextInt(MAX_CALLS);
        for (int i = 0; i < calls; i++) {
          FilesCall call = draw(random);
          done.add(call);
          String expected = call.outcome(Files.class, jdks);
          String outcome = call.outcome(face.owner, face.root(ours));
          assertThat(outcome).as("%s %s", face, done).isEqualTo(expected);
        }
      });
      assertThat(FilesCall.snapshot(ours))
          .as("%s %s", face, done)
          .isEqualTo(FilesCall.snapshot(jdks));
    } finally {
      delete(ours);
      delete(jdks);
    }
  }

  private static Path tree(Path root) throws IOException {
    Files.createDirectory(root);
    Files.writeString(root.resolve("a"), "one\ntwo\r\n\u00e4");
    Files.setLastModifiedTime(root.resolve("a"), FilesCall.THEN);
    Files.createDirectory(root.resolve("d"));
    Files.writeString(root.resolve("d/a"), "in d\n");
    Files.createSymbolicLink(root.resolve("l"), Path.of("d"));
    return root;
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static FilesCall draw(Random random) {
    Path path = path(random);
    Path other = path(random);
    byte[] bytes = new byte[random.nextInt(4) == 0 ? 30_000 : random.nextInt(20)];
    FileStep.Content.HEAP.get(random.nextInt(6_000), bytes);
    return switch (random.nextInt(34)) {
      case 0 -> new FilesCall("readAllBytes", path);
      case 1 -> new FilesCall("readString", path);
      case 2 -> new FilesCall("readString", path, ISO_8859_1);
      case 3 -> new FilesCall("readAllLines", path);
      case 4 -> new FilesCall("lines", path);
      case 5, 6 -> new FilesCall("write", path, bytes, opening(random));
      case 7 -> new FilesCall("writeString", path, "text\n", opening(random));
      case 8 -> new FilesCall("writeString", path, "\u00e9\u4e00", UTF_8, opening(random));
      case 9 -> new FilesCall("write", path, List.of("one", "two"), opening(random));
      case 10 -> new FilesCall("createFile", path, DEFAULTS);
      case 11 -> new FilesCall("createDirectory", path, DEFAULTS);
      case 12 -> new FilesCall("createDirectories", path, DEFAULTS);
      case 13 -> new FilesCall("createSymbolicLink", path, other, DEFAULTS);
      case 14 -> new FilesCall("createLink", path, other);
      case 15 -> new FilesCall("readSymbolicLink", path);
      case 16 -> new FilesCall("delete", path);
      case 17 -> new FilesCall("deleteIfExists", path);
      case 18, 19, 20 -> new FilesCall("move", path, other, copying(random));
      case 21, 22, 23 -> copy(path, other, copying(random));
      case 24 -> new FilesCall("list", path);
      case 25 -> new FilesCall("walk", path, visiting(random));
      case 26 -> new FilesCall("walk", path, random.nextInt(3), visiting(random));
      case 27 -> new FilesCall("isSameFile", path, other);
      case 28 -> new FilesCall("mismatch", path, other);
      case 29 -> new FilesCall("setPosixFilePermissions", path, PERMISSIONS.get(random.nextInt(3)));
      case 30 -> new FilesCall("getPosixFilePermissions", path, linking(random));
      case 31 -> new FilesCall("setLastModifiedTime", path, FilesCall.THEN);
      case 32 -> new FilesCall("readAttributes", path, "isDirectory,isOther", linking(random));
      default ->
          new FilesCall(
              List.of("exists", "notExists", "isRegularFile", "isDirectory").get(random.nextInt(4)),
              path,
              linking(random));
    };
  }

  /**
   * Not of a file to a directory or link on its own path: the JDK deletes the target first, and so
   * loses the source. {@code AsyncFiles} opens the source before.
   */
  private static FilesCall copy(Path from, Path to, CopyOption[] options) {
    return from.startsWith(to)
        ? new FilesCall("copy", to, from, options)
        : new FilesCall("copy", from, to, options);
  }

  private static Path path(Random random) {
    return Path.of(NAMES.get(random.nextInt(NAMES.size())));
  }

  private static OpenOption[] opening(Random random) {
    return subset(
            random,
            StandardOpenOption.values(),
            Set.of(StandardOpenOption.SYNC, StandardOpenOption.DSYNC))
        .toArray(OpenOption[]::new);
  }

  private static CopyOption[] copying(Random random) {
    List<CopyOption> options = new ArrayList<>();
    options.addAll(
        subset(random, StandardCopyOption.values(), Set.of(StandardCopyOption.ATOMIC_MOVE)));
    if (random.nextInt(4) == 0) {
      options.add(NOFOLLOW_LINKS);
    }
    return options.toArray(CopyOption[]::new);
  }

  private static LinkOption[] linking(Random random) {
    return random.nextBoolean() ? new LinkOption[0] : new LinkOption[] {NOFOLLOW_LINKS};
  }

  private static FileVisitOption[] visiting(Random random) {
    return random.nextInt(3) == 0
        ? new FileVisitOption[] {FileVisitOption.FOLLOW_LINKS}
        : new FileVisitOption[0];
  }

  private static <O> List<O> subset(Random random, O[] all, Set<? extends O> rare) {
    List<O> some = new ArrayList<>();
    for (O each : all) {
      if (random.nextInt(rare.contains(each) ? 20 : 3) == 0) {
        some.add(each);
      }
    }
    return some;
  }
}
