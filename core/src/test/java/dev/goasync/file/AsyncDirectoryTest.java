package dev.goasync.file;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Action;
import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.testkit.Fifo;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Paths beneath a directory: what they reach, and that none leads out. */
@Conformance
final class AsyncDirectoryTest {
  @TempDir Path parent;
  private Path root;

  @BeforeEach
  void makeTree() throws IOException {
    root = Files.createDirectory(parent.resolve("root"));
    Files.writeString(parent.resolve("secret"), "secret");
    Files.writeString(Files.createDirectories(parent.resolve("outside")).resolve("file"), "secret");
    Files.writeString(root.resolve("file"), "top");
    Files.writeString(Files.createDirectories(root.resolve("a/b")).resolve("file"), "deep");
    link("link", "file");
    link("up", "a/b/../../file");
    link("a/b/back", "../..");
    link("chain", "a/b/back/link");
    link("directory", "a");
    link("slash", "a/");
    link("here", ".");
    link("dangling", "missing");
    link("loop", "loop");
    link("out", "../secret");
    link("a/out", "../../secret");
    link("outside", "../outside");
    link("inAndOut", "a/../../root/file");
    link("absolute", parent.resolve("secret").toString());
    link("absoluteInside", root.resolve("file").toString());
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(name), Path.of(target));
  }

  private void run(Caller caller, Body body) throws Exception {
    caller.run(() -> {
      try (var directory = AsyncDirectory.open(root)) {
        body.run(directory);
      }
    });
  }

  private interface Body {
    void run(AsyncDirectory directory) throws Exception;
  }

  private static String read(AsyncDirectory directory, String path, OpenOption... options)
      throws IOException {
    try (var file = directory.openFile(path, options)) {
      return file.readAll();
    }
  }

  private static void refuses(Class<? extends Throwable> type, Action<?>... operations) {
    for (int i = 0; i < operations.length; i++) {
      Action<?> operation = operations[i];
      assertThatThrownBy(() -> operation.run()).as("operation %d", i).isExactlyInstanceOf(type);
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsFilesBeneath(Caller caller) throws Exception {
    run(
        caller,
        directory -> {
          for (String path :
              List.of(
                  "file",
                  "./file",
                  "a/../file",
                  "a/b/../../file",
                  ".//file",
                  "link",
                  "up",
                  "chain",
                  "here/here/file",
                  "a/b/back/file",
                  "directory/../file")) {
            assertThat(read(directory, path)).as(path).isEqualTo("top");
          }
          for (String path :
              List.of("a/b/file", "directory/b/file", "slash/b/file", "a//b///file")) {
            assertThat(read(directory, path)).as(path).isEqualTo("deep");
          }
          try (var file = directory.openFile("a/b/file")) {
            assertThat(file.path()).isEqualTo(root.resolve("a/b/file"));
            BasicFileAttributes opened = file.attributes();
            assertThat(opened.size()).isEqualTo(4);
            assertThat(opened.isRegularFile()).isTrue();
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void noPathLeadsOut(Caller caller) throws Exception {
    run(
        caller,
        directory -> {
          for (String path :
              List.of(
                  "..",
                  "../secret",
                  "../root/file",
                  "a/../../secret",
                  "a/b/../../../secret",
                  "out",
                  "a/out",
                  "outside/file",
                  "inAndOut",
                  "absolute",
                  "absoluteInside",
                  "here/../secret",
                  "directory/../../secret",
                  "a/b/back/../secret",
                  "/etc/passwd",
                  "//etc/passwd")) {
            refusesToLeave(directory, path);
          }
          assertThat(parent.resolve("secret")).hasContent("secret");
          assertThat(parent.resolve("outside")).isDirectoryContaining("glob:**/file");
        });
  }

  private void refusesToLeave(AsyncDirectory directory, String path) {
    for (Action<?> operation :
        List.<Action<?>>of(
            () -> directory.openFile(path),
            () -> directory.openFile(path, WRITE, CREATE),
            () -> directory.stat(path),
            () -> directory.list(path),
            () -> directory.openDirectory(path),
            () -> directory.openDirectory(path + "/"),
            () -> directory.createFile(path + "/new"),
            () -> directory.createDirectory(path + "/new"),
            () -> directory.delete(path + "/file"),
            () -> directory.rename(path + "/file", "renamed"),
            () -> directory.rename("a/b/file", path + "/file"))) {
      if (path.equals("absoluteInside") || path.equals("inAndOut")) {
        assertThatThrownBy(() -> operation.run())
            .as(path)
            .isInstanceOf(AccessDeniedException.class);
        continue;
      }
      assertThatThrownBy(() -> operation.run())
          .as(path)
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("the path leads out of the directory " + root);
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorsNameThePath(Caller caller) throws Exception {
    run(
        caller,
        directory -> {
          refuses(
              NoSuchFileException.class,
              () -> directory.openFile("missing"),
              () -> directory.openFile("dangling"),
              () -> directory.openFile("missing/file", WRITE, CREATE),
              () -> directory.stat("missing"),
              () -> directory.list("missing"),
              () -> directory.openDirectory("a/missing"),
              () -> directory.createDirectory("missing/x"),
              () -> directory.delete("missing"),
              () -> directory.rename("missing", "x"));
          refuses(
              NotDirectoryException.class,
              () -> directory.openFile("file/x"),
              () -> directory.openFile("file/"),
              () -> directory.list("file"),
              () -> directory.openDirectory("link"),
              () -> directory.createDirectory("file/x"),
              () -> AsyncDirectory.open(root.resolve("file")));
          refuses(
              FileAlreadyExistsException.class,
              () -> directory.createFile("file"),
              () -> directory.createFile("dangling"),
              () -> directory.createDirectory("a"),
              () -> directory.createDirectory("a/b/"));
          refuses(DirectoryNotEmptyException.class, () -> directory.delete("a"));
          refuses(NoSuchFileException.class, () -> AsyncDirectory.open(parent.resolve("missing")));
          assertThatThrownBy(() -> directory.openFile("loop"))
              .isInstanceOf(FileSystemException.class);
          assertThatThrownBy(() -> directory.openFile("link", NOFOLLOW_LINKS))
              .isInstanceOf(IOException.class);
          assertThatThrownBy(() -> directory.openFile("x".repeat(300)))
              .isInstanceOf(FileSystemException.class);
          assertThatThrownBy(() -> directory.openFile("x/".repeat(40_000) + "x"))
              .isInstanceOf(FileSystemException.class);
          assertThatThrownBy(() -> directory.stat("a/missing"))
              .hasMessageContaining(root + "/a/missing");
        });
  }

  @ParameterizedTest
  @EnumSource
  void wrongArguments(Caller caller) throws Exception {
    run(
        caller,
        directory -> {
          refusesAll(directory, IllegalArgumentException.class, "");
          refusesAll(directory, InvalidPathException.class, "a\0b");
          assertThatThrownBy(() -> directory.rename("file", ""))
              .hasMessageContaining("to is empty");
          refuses(IllegalArgumentException.class, () -> directory.openFile("file", READ, APPEND));
          refuses(
              UnsupportedOperationException.class,
              () -> directory.openFile("file", READ, DELETE_ON_CLOSE));
          assertThat(read(directory, "file")).isEqualTo("top");
        });
  }

  private static void refusesAll(
      AsyncDirectory directory, Class<? extends Throwable> type, String path) {
    refuses(
        type,
        () -> directory.openFile(path),
        () -> directory.openFile(path, Set.of()),
        () -> directory.openDirectory(path),
        () -> directory.stat(path),
        () -> directory.list(path),
        () -> directory.createFile(path),
        () -> directory.createDirectory(path),
        () -> directory.rename(path, "x"),
        () -> directory.rename("file", path),
        () -> directory.delete(path));
  }

  @ParameterizedTest
  @EnumSource
  void creates(Caller caller) throws Exception {
    var secret = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    run(
        caller,
        directory -> {
          directory.createDirectory("new");
          directory.createDirectory("a/b/private/", secret);
          assertThat(root.resolve("new")).isDirectory();
          assertThat(Files.getPosixFilePermissions(root.resolve("a/b/private")))
              .isEqualTo(secret.value());
          directory.createFile("new/file", secret);
          assertThat(Files.getPosixFilePermissions(root.resolve("new/file")))
              .isEqualTo(secret.value());
          try (var file = directory.openFile("new/file", WRITE, READ)) {
            file.writeAll("content");
          }
          try (var file = directory.openFile("directory/b/more", WRITE, CREATE_NEW)) {
            file.writeAll("content");
          }
          try (var file = directory.openFile("directory/b/more", APPEND)) {
            file.writeAll("+");
          }
          assertThat(root.resolve("a/b/more")).hasContent("content+");
          try (var file = directory.openFile("dangling", WRITE, CREATE)) {
            file.writeAll("by a link");
          }
          assertThat(root.resolve("missing")).hasContent("by a link");
        });
  }

  @ParameterizedTest
  @EnumSource
  void renamesAndDeletes(Caller caller) throws Exception {
    run(
        caller,
        directory -> {
          directory.rename("file", "a/moved");
          assertThat(root.resolve("a/moved")).hasContent("top");
          directory.rename("directory/moved", "a/b/file");
          assertThat(root.resolve("a/b/file")).hasContent("top");
          directory.rename("out", "a/link");
          assertThat(Files.readSymbolicLink(root.resolve("a/link")))
              .isEqualTo(Path.of("../secret"));
          directory.delete("a/link");
          directory.delete("absolute");
          directory.delete("a/b/file");
          directory.delete("a/b/back");
          directory.delete("a/b/");
          assertThat(root.resolve("a/b")).doesNotExist();
          assertThat(parent.resolve("secret")).hasContent("secret");
        });
  }

  @ParameterizedTest
  @EnumSource
  void readsAttributes(Caller caller) throws Exception {
    run(
        caller,
        directory -> {
          for (String path : List.of("file", "a", ".", "link", "a/b/file")) {
            sameAttributes(
                directory.stat(path),
                Files.readAttributes(root.resolve(path), BasicFileAttributes.class));
          }
          for (String path : List.of("link", "out", "absolute", "dangling", "loop")) {
            BasicFileAttributes own = directory.stat(path, NOFOLLOW_LINKS);
            assertThat(own.isSymbolicLink()).as(path).isTrue();
            sameAttributes(
                own,
                Files.readAttributes(
                    root.resolve(path), BasicFileAttributes.class, NOFOLLOW_LINKS));
          }
        });
  }

  private static void sameAttributes(BasicFileAttributes ours, BasicFileAttributes jdks) {
    assertThat(ours.size()).isEqualTo(jdks.size());
    assertThat(ours.lastModifiedTime()).isEqualTo(jdks.lastModifiedTime());
    assertThat(ours.creationTime()).isEqualTo(jdks.creationTime());
    assertThat(ours.isRegularFile()).isEqualTo(jdks.isRegularFile());
    assertThat(ours.isDirectory()).isEqualTo(jdks.isDirectory());
    assertThat(ours.isSymbolicLink()).isEqualTo(jdks.isSymbolicLink());
    assertThat(ours.isOther()).isEqualTo(jdks.isOther());
    assertThat(ours.fileKey()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource
  void lists(Caller caller) throws Exception {
    Fifo.make(root.resolve("a/fifo"));
    Path many = Files.createDirectory(root.resolve("many"));
    for (int i = 0; i < 3000; i++) {
      Files.createFile(many.resolve("a file with a long name " + i));
    }
    run(
        caller,
        directory -> {
          assertThat(directory.list("a"))
              .containsExactlyInAnyOrder(
                  new DirectoryEntry("b", DirectoryEntry.Type.DIRECTORY),
                  new DirectoryEntry("out", DirectoryEntry.Type.LINK),
                  new DirectoryEntry("fifo", DirectoryEntry.Type.OTHER));
          assertThat(directory.list("a/b/back")).hasSize(16).isEqualTo(directory.list("."));
          assertThat(directory.list("directory/b/"))
              .contains(new DirectoryEntry("file", DirectoryEntry.Type.FILE));
          assertThat(directory.list("many")).hasSize(3000).doesNotHaveDuplicates();
        });
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryBeneathIsItsOwnRoot(Caller caller) throws Exception {
    run(
        caller,
        directory -> {
          try (var inner = directory.openDirectory("directory")) {
            assertThat(read(inner, "b/file")).isEqualTo("deep");
            assertThatThrownBy(() -> inner.openFile("../file"))
                .isInstanceOf(AccessDeniedException.class);
            assertThatThrownBy(() -> inner.openFile("b/back/file"))
                .isInstanceOf(AccessDeniedException.class);
            assertThat(inner.path()).isEqualTo(root.resolve("directory"));
          }
          assertThat(read(directory, "file")).isEqualTo("top");
        });
  }

  @ParameterizedTest
  @EnumSource
  void theDirectoryMayBeRenamed(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofDirectoriesByPath());
    run(
        caller,
        directory -> {
          assertThat(read(directory, "a/b/file")).isEqualTo("deep");
          Files.move(root, parent.resolve("renamed"));
          Files.createDirectories(root.resolve("a/b"));
          Files.writeString(root.resolve("a/b/file"), "another tree");
          assertThat(read(directory, "a/b/file")).isEqualTo("deep");
          directory.delete("a/b/file");
          assertThat(root.resolve("a/b/file")).exists();
        });
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("try") // closed early
  void aClosedDirectory(Caller caller) throws Exception {
    run(
        caller,
        directory -> {
          assertThat(directory.isOpen()).isTrue();
          var file = directory.openFile("file");
          directory.close();
          directory.close();
          refuses(
              ClosedChannelException.class,
              () -> directory.openFile("file"),
              () -> directory.openDirectory("a"),
              () -> directory.stat("file"),
              () -> directory.list("."),
              () -> directory.createFile("x"),
              () -> directory.createDirectory("x"),
              () -> directory.rename("file", "x"),
              () -> directory.delete("file"));
          assertThat(directory.isOpen()).isFalse();
          assertThat(directory).hasToString("AsyncDirectory[" + root + ", closed]");
          assertThat(file.readAll()).isEqualTo("top");
          file.close();
        });
  }

  /** A loop that waited in the open could not run the writer. */
  @ParameterizedTest
  @EnumSource
  void openingAPipeDoesNotBlockTheLoop(Caller caller) throws Exception {
    Fifo.make(root.resolve("a/fifo"));
    run(
        caller,
        directory -> {
          var writer =
              GoAsync.goAsync(() -> {
                try (var pipe = AsyncFile.open(root.resolve("a/fifo"), READ, WRITE)) {
                  pipe.writeAll("line\n");
                  try (var reader = directory.openFile("a/fifo")) {
                    return String.valueOf(reader.readLine());
                  }
                }
              });
          assertThat(writer.await()).isEqualTo("line");
        });
  }

  @ParameterizedTest
  @EnumSource
  void pathsOfOtherFileSystemsAreRefused(Caller caller) throws Exception {
    caller.run(() ->
        refuses(
            java.nio.file.ProviderMismatchException.class,
            () -> AsyncDirectory.open(AsyncFileSystem.of(root))));
  }
}
