package dev.goasync.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.goasync.file.AsyncDirectory;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFileSystem;
import dev.goasync.file.AsyncFiles;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names on the real disk and on that of a simulated host; see {@link FileParity}. */
@Timeout(60)
final class DirectoryParityTest {
  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static Object names(Stream<Path> paths, Path dir) {
    return paths
        .map(dir::relativize)
        .map(Path::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Object entries(AsyncDirectory directory, String path) throws Exception {
    return directory.list(path).stream().map(e -> e.name() + " " + e.type()).sorted().toList();
  }

  /** The scripts. */
  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  enum Scripts {
    DIRECTORIES((dir, log) -> {
      Path sub = dir.resolve("sub");
      log.add("list a missing", () -> AsyncFiles.list(sub));
      log.add("create", () -> AsyncFiles.createDirectory(sub));
      log.add("create again", () -> AsyncFiles.createDirectory(sub));
      log.add("create without a parent", () -> AsyncFiles.createDirectory(dir.resolve("a/b")));
      log.add("create all", () -> AsyncFiles.createDirectories(dir.resolve("a/b/c")));
      log.add("create all again", () -> AsyncFiles.createDirectories(dir.resolve("a/b/c")));
      AsyncFiles.writeString(sub.resolve("file"), "x");
      log.add("list", () -> names(AsyncFiles.list(dir).stream(), dir));
      log.add("list a file", () -> AsyncFiles.list(sub.resolve("file")));
      log.add("below a file", () -> AsyncFiles.readString(sub.resolve("file/x")));
      log.add("create below a file", () -> AsyncFiles.createDirectory(sub.resolve("file/x")));
      log.add("create all over a file", () -> AsyncFiles.createDirectories(sub.resolve("file")));
      log.add("delete", () -> deleted(sub));
      log.add("delete a missing", () -> deleted(dir.resolve("none")));
      log.add("delete if it exists", () -> AsyncFiles.deleteIfExists(dir.resolve("none")));
      log.add("read a directory", () -> AsyncFiles.readString(sub));
      log.add("write a directory", () -> AsyncFiles.writeString(sub, "x"));
      log.add(
          "walk",
          () -> {
            try (Stream<Path> all = AsyncFiles.walk(dir)) {
              return names(all, dir);
            }
          });
      log.add(
          "concurrent walk",
          () -> {
            var seen = new TreeSet<String>();
            AsyncFiles.walk(
                dir,
                4,
                (path, attributes) ->
                    seen.add(dir.relativize(path) + " " + attributes.isDirectory()));
            return seen;
          });
      log.add(
          "attributes", () -> AsyncFiles.isDirectory(sub) + " " + AsyncFiles.isRegularFile(sub));
      log.add("long name", () -> AsyncFiles.createFile(dir.resolve("x".repeat(256))));
    }),
    MOVES((dir, log) -> {
      Path one = AsyncFiles.writeString(dir.resolve("one"), "1");
      Path two = AsyncFiles.writeString(dir.resolve("two"), "2");
      Path sub = AsyncFiles.createDirectory(dir.resolve("sub"));
      Path full = AsyncFiles.createDirectory(dir.resolve("full"));
      AsyncFiles.writeString(full.resolve("x"), "x");
      log.add("onto a file", () -> AsyncFiles.move(one, two));
      log.add("onto itself", () -> AsyncFiles.move(one, one));
      log.add("a missing", () -> AsyncFiles.move(dir.resolve("none"), dir.resolve("new")));
      log.add(
          "a missing, atomically",
          () ->
              AsyncFiles.move(
                  dir.resolve("none"), dir.resolve("new"), StandardCopyOption.ATOMIC_MOVE));
      log.add("to a missing directory", () -> AsyncFiles.move(one, dir.resolve("none/new")));
      log.add(
          "onto a full directory",
          () -> AsyncFiles.move(one, full, StandardCopyOption.REPLACE_EXISTING));
      log.add(
          "onto a directory, atomically",
          () -> AsyncFiles.move(one, sub, StandardCopyOption.ATOMIC_MOVE));
      log.add(
          "a directory onto a file, atomically",
          () -> AsyncFiles.move(sub, one, StandardCopyOption.ATOMIC_MOVE));
      log.add("a directory into itself", () -> AsyncFiles.move(sub, sub.resolve("x")));
      log.add(
          "a directory onto a full one",
          () -> AsyncFiles.move(sub, full, StandardCopyOption.ATOMIC_MOVE));
      log.add("replace", () -> AsyncFiles.move(one, two, StandardCopyOption.REPLACE_EXISTING));
      log.add("read", () -> AsyncFiles.readString(two));
      log.add(
          "atomically",
          () -> AsyncFiles.move(two, sub.resolve("y"), StandardCopyOption.ATOMIC_MOVE));
      log.add("a directory", () -> AsyncFiles.move(sub, dir.resolve("renamed")));
      log.add(
          "copied attributes",
          () -> AsyncFiles.move(dir.resolve("renamed"), sub, StandardCopyOption.COPY_ATTRIBUTES));
      log.add(
          "walk",
          () -> {
            try (Stream<Path> all = AsyncFiles.walk(dir)) {
              return names(all, dir);
            }
          });
    }),
    COPIES((dir, log) -> {
      Path one = AsyncFiles.writeString(dir.resolve("one"), "1");
      Path two = AsyncFiles.writeString(dir.resolve("two"), "2");
      Path sub = AsyncFiles.createDirectory(dir.resolve("sub"));
      log.add("onto a file", () -> AsyncFiles.copy(one, two));
      log.add("replace", () -> AsyncFiles.copy(one, two, StandardCopyOption.REPLACE_EXISTING));
      log.add("read", () -> AsyncFiles.readString(two));
      log.add(
          "attributes",
          () -> AsyncFiles.copy(one, dir.resolve("three"), StandardCopyOption.COPY_ATTRIBUTES));
      log.add("a missing", () -> AsyncFiles.copy(dir.resolve("none"), dir.resolve("four")));
      log.add("to a missing directory", () -> AsyncFiles.copy(one, dir.resolve("none/new")));
      log.add("a directory", () -> AsyncFiles.copy(sub, dir.resolve("other")));
      log.add(
          "onto an empty directory",
          () -> AsyncFiles.copy(one, sub, StandardCopyOption.REPLACE_EXISTING));
      log.add("onto itself", () -> AsyncFiles.copy(one, one));
      log.add("list", () -> names(AsyncFiles.list(dir).stream(), dir));
    }),
    LINKS((dir, log) -> {
      Path file = AsyncFiles.writeString(dir.resolve("file"), "content");
      Path link = dir.resolve("link");
      log.add("create", () -> AsyncFiles.createSymbolicLink(link, Path.of("file")));
      log.add("again", () -> AsyncFiles.createSymbolicLink(link, Path.of("file")));
      log.add("read", () -> AsyncFiles.readString(link));
      log.add("target", () -> AsyncFiles.readSymbolicLink(link));
      log.add("target of a file", () -> AsyncFiles.readSymbolicLink(file));
      log.add(
          "kind",
          () ->
              AsyncFiles.isSymbolicLink(link)
                  + " "
                  + AsyncFiles.isRegularFile(link)
                  + " "
                  + AsyncFiles.isRegularFile(link, LinkOption.NOFOLLOW_LINKS));
      log.add("same", () -> AsyncFiles.isSameFile(link, file));
      log.add("real", () -> AsyncFiles.toRealPath(dir).relativize(AsyncFiles.toRealPath(link)));
      log.add("not followed", () -> AsyncFile.open(link, LinkOption.NOFOLLOW_LINKS));
      AsyncFiles.createSymbolicLink(dir.resolve("loop"), Path.of("loop"));
      log.add("loop", () -> AsyncFiles.readString(dir.resolve("loop")));
      log.add("exists", () -> AsyncFiles.exists(dir.resolve("loop")));
      log.add("copy", () -> AsyncFiles.copy(link, dir.resolve("copy"), LinkOption.NOFOLLOW_LINKS));
      log.add("hard link", () -> AsyncFiles.createLink(dir.resolve("hard"), file));
      log.add("hard link again", () -> AsyncFiles.createLink(dir.resolve("hard"), file));
      log.add(
          "hard link of a missing",
          () -> AsyncFiles.createLink(dir.resolve("hard2"), dir.resolve("none")));
      log.add("delete the first name", () -> deleted(file));
      log.add("read the second", () -> AsyncFiles.readString(dir.resolve("hard")));
      log.add("read through the link", () -> AsyncFiles.readString(link));
    }),
    BENEATH_A_DIRECTORY((dir, log) -> {
      AsyncFiles.writeString(dir.resolve("outside"), "secret");
      Path root = AsyncFiles.createDirectory(dir.resolve("root"));
      AsyncFiles.createSymbolicLink(root.resolve("out"), Path.of("../outside"));
      AsyncFiles.createSymbolicLink(root.resolve("absolute"), dir.resolve("root"));
      AsyncFiles.createSymbolicLink(root.resolve("inner"), Path.of("sub"));
      log.add("open a file", () -> AsyncDirectory.open(dir.resolve("outside")));
      log.add("open a missing", () -> AsyncDirectory.open(dir.resolve("none")));
      AsyncDirectory kept = AsyncDirectory.open(root);
      try (AsyncDirectory directory = kept) {
        log.add(
            "create",
            () -> {
              directory.createDirectory("sub");
              directory.createFile("sub/file");
              return entries(directory, "sub");
            });
        log.run(
            "create again",
            () -> {
              directory.createDirectory("sub");
            });
        log.add("through a link", () -> entries(directory, "inner"));
        log.add("list", () -> entries(directory, "."));
        log.add("list a file", () -> entries(directory, "sub/file"));
        log.add("out", () -> directory.openFile("out"));
        log.add("out by dots", () -> directory.openFile("../outside"));
        log.add("in by dots", () -> directory.stat("sub/../sub/file").isRegularFile());
        log.add("absolute", () -> directory.openFile("absolute/sub/file"));
        log.add("a missing", () -> directory.openFile("none"));
        log.add("below a file", () -> directory.openFile("sub/file/x"));
        log.add(
            "a link itself",
            () -> directory.stat("out", LinkOption.NOFOLLOW_LINKS).isSymbolicLink());
        log.add("a link out", () -> directory.stat("out"));
        log.add(
            "rename",
            () -> {
              directory.rename("sub/file", "moved");
              return entries(directory, ".");
            });
        log.run(
            "rename a missing",
            () -> {
              directory.rename("none", "moved");
            });
        log.run(
            "rename over a full directory",
            () -> {
              directory.createFile("sub/y");
              directory.createDirectory("empty");
              directory.rename("empty", "sub");
            });
        log.run(
            "rename out",
            () -> {
              directory.rename("moved", "../moved");
            });
        log.run(
            "delete a full directory",
            () -> {
              directory.delete("sub");
            });
        log.add(
            "delete",
            () -> {
              directory.delete("moved");
              directory.delete("out");
              directory.delete("empty/");
              return entries(directory, ".");
            });
        log.add(
            "write",
            () -> {
              try (AsyncFile file = directory.openFile("new", CREATE, WRITE)) {
                return file.write(bytes("abc")) + " " + file;
              }
            });
        log.add(
            "sub",
            () -> {
              try (AsyncDirectory sub = directory.openDirectory("sub")) {
                return entries(sub, ".") + " " + sub;
              }
            });
      }
      log.add("after the close", () -> kept.stat("new"));
    }),
    ASYNC_FILE_SYSTEM((dir, log) -> {
      Path path = AsyncFileSystem.path(dir.toString());
      log.add("write", () -> Files.writeString(path.resolve("file"), "hello"));
      log.add("read", () -> Files.readString(path.resolve("file")));
      log.add(
          "list",
          () -> {
            try (Stream<Path> entries = Files.list(path)) {
              return entries.toList();
            }
          });
      log.add("directory", () -> Files.createDirectories(path.resolve("a/b")));
      log.add("copy", () -> Files.copy(path.resolve("file"), path.resolve("a/b/c")));
      log.add("move", () -> Files.move(path.resolve("file"), path.resolve("a/d")));
      log.add(
          "exists",
          () -> Files.exists(path.resolve("file")) + " " + Files.isWritable(path.resolve("a/d")));
      log.add(
          "size",
          () -> Files.readAttributes(path.resolve("a/d"), BasicFileAttributes.class).size());
      log.add(
          "walk",
          () -> {
            try (Stream<Path> all = Files.walk(path)) {
              return all.map(Path::toString)
                  .map(text -> text.substring(dir.toString().length()))
                  .sorted()
                  .toList();
            }
          });
      log.add("temporary", () -> Files.createTempFile(path, "a", "b").startsWith(path));
      log.run(
          "delete",
          () -> {
            Files.delete(path.resolve("a"));
          });
      log.add("relative", () -> Files.exists(AsyncFileSystem.path("")));
    });

    final FileParity.Script script;

    Scripts(FileParity.Script script) {
      this.script = script;
    }

    private static Object deleted(Path path) throws Exception {
      AsyncFiles.delete(path);
      return "deleted";
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSimulationAgreesWithTheDisk(Scripts scripts) throws Exception {
    FileParity.compare(scripts.script);
  }
}
