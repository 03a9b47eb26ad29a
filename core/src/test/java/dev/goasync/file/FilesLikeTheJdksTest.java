package dev.goasync.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.LongRunning;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls each method of {@code AsyncFiles} in one tree and the method of {@code Files} with the same
 * name in an equal tree, and compares results, exceptions and the trees afterwards. The second
 * subject is {@code Files} with paths of {@code AsyncFileSystem}.
 */
@Conformance
@LongRunning
final class FilesLikeTheJdksTest {
  private static final LinkOption[] FOLLOW = {};
  private static final LinkOption[] NOFOLLOW = {NOFOLLOW_LINKS};
  private static final FileAttribute<?>[] DEFAULTS = {};
  private static final FileAttribute<?>[] SECRET = {
    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
  };

  @TempDir Path dir;

  /** Whether another test covers the method. */
  private static boolean isTestedElsewhere(Method method) {
    return method.getName().equals("toRealPath")
        || List.of(method.getParameterTypes()).contains(PathVisitor.class)
        || List.of(method.getParameterTypes()).contains(java.util.function.LongConsumer.class);
  }

  @AfterAll
  static void everyMethodWasCalled() {
    Set<String> all = new TreeSet<>();
    for (Method method : AsyncFiles.class.getMethods()) {
      if (method.getDeclaringClass() == AsyncFiles.class && !isTestedElsewhere(method)) {
        all.add(FilesCall.signature(method));
      }
    }
    if (FilesCall.CALLED.size() > all.size() / 2) { // else only some tests were run
      assertThat(FilesCall.CALLED).containsExactlyInAnyOrderElementsOf(all);
    }
  }

  private static Path tree(Path root) throws IOException {
    Files.createDirectory(root);
    Files.writeString(root.resolve("text"), "one\ntwo\r\n\u00e4\u00f6\u00fc");
    Files.write(root.resolve("bytes"), new byte[] {1, 2, (byte) 0xff, 0});
    Files.writeString(root.resolve("returns"), "one\rtwo\r\nthree\n\rfour\r");
    Files.createFile(root.resolve("empty"));
    Files.write(root.resolve("large"), new byte[300_000]);
    Path deep = Files.createDirectories(root.resolve("directory/in/directories"));
    Files.writeString(deep.resolve("file"), "deep");
    Files.createSymbolicLink(root.resolve("link"), root.resolve("text"));
    Files.createSymbolicLink(root.resolve("directory/up"), root);
    Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));
    Files.setPosixFilePermissions(
        root.resolve("bytes"), PosixFilePermissions.fromString("r-xr-x---"));
    for (String path : List.of("text", "bytes", "empty", "large")) {
      Files.setLastModifiedTime(root.resolve(path), FilesCall.THEN);
    }
    return root;
  }

  private void compare(Caller caller, List<FilesCall> calls) throws Exception {
    for (FilesCall.Face face : FilesCall.Face.values()) {
      Path ours = tree(dir.resolve("ours " + face));
      Path jdks = tree(dir.resolve("jdks " + face));
      Path root = face.root(ours);
      for (FilesCall call : calls) {
        String expected = call.outcome(Files.class, jdks);
        caller.run(() ->
            assertThat(call.outcome(face.owner, root)).as("%s %s", face, call).isEqualTo(expected));
      }
      assertThat(FilesCall.snapshot(ours)).isEqualTo(FilesCall.snapshot(jdks));
    }
  }

  private static OpenOption[] open(OpenOption... options) {
    return options;
  }

  @ParameterizedTest
  @EnumSource
  void contents(Caller caller) throws Exception {
    List<FilesCall> calls = new ArrayList<>();
    for (String name :
        List.of(
            "text", "bytes", "empty", "large", "link", "dangling", "none", "directory", "text/x")) {
      Path path = Path.of(name);
      byte[] bytes = {65, 66};
      calls.add(new FilesCall("readAllBytes", path));
      calls.add(new FilesCall("readString", path));
      calls.add(new FilesCall("readString", path, ISO_8859_1));
      calls.add(new FilesCall("readAllLines", path));
      calls.add(new FilesCall("readAllLines", path, US_ASCII));
      calls.add(new FilesCall("write", path, bytes, open(APPEND)));
      calls.add(new FilesCall("writeString", Path.of(name + "2"), "\u00e9", open(CREATE_NEW)));
      calls.add(new FilesCall("writeString", path, "\u00e9", US_ASCII, open()));
      calls.add(new FilesCall("writeString", path, "x", UTF_8, open(READ)));
      calls.add(new FilesCall("write", path, bytes, open()));
      calls.add(new FilesCall("write", path, List.of("one", "", "\u00e4"), open()));
      calls.add(new FilesCall("lines", path));
    }
    compare(caller, calls);
  }

  /** As root the calls of {@link #contents} replace the malformed bytes before they are read. */
  @ParameterizedTest
  @EnumSource
  void linesOfUnusualText(Caller caller) throws Exception {
    List<FilesCall> calls = new ArrayList<>();
    for (String name : List.of("text", "bytes", "empty", "returns")) {
      calls.add(new FilesCall("lines", Path.of(name)));
      calls.add(new FilesCall("readAllLines", Path.of(name)));
    }
    compare(caller, calls);
  }

  @ParameterizedTest
  @EnumSource
  void createsMovesAndDeletes(Caller caller) throws Exception {
    Path text = Path.of("text");
    Path soft = Path.of("soft");
    Path hard = Path.of("hard");
    Path directory = Path.of("directory");
    CopyOption[] plain = {};
    CopyOption[] replacing = {REPLACE_EXISTING};
    CopyOption[] atomic = {ATOMIC_MOVE};
    compare(
        caller,
        List.of(
            new FilesCall("createFile", Path.of("new"), SECRET),
            new FilesCall("createFile", text, DEFAULTS),
            new FilesCall("createDirectory", Path.of("a/b"), DEFAULTS),
            new FilesCall("createDirectory", Path.of("a"), SECRET),
            new FilesCall("createDirectories", Path.of("a/b/c"), DEFAULTS),
            new FilesCall("createDirectories", Path.of("text/c"), DEFAULTS),
            new FilesCall("createSymbolicLink", soft, directory, DEFAULTS),
            new FilesCall("createLink", hard, text),
            new FilesCall("readSymbolicLink", soft),
            new FilesCall("readSymbolicLink", text),
            new FilesCall("isSameFile", hard, Path.of("link")),
            new FilesCall("isSameFile", hard, Path.of("none")),
            new FilesCall("mismatch", text, hard),
            new FilesCall("mismatch", text, Path.of("bytes")),
            new FilesCall("deleteIfExists", soft),
            new FilesCall("deleteIfExists", soft),
            new FilesCall("delete", directory),
            new FilesCall("delete", Path.of("empty")),
            new FilesCall("delete", Path.of("empty")),
            new FilesCall("move", Path.of("large"), Path.of("moved"), plain),
            new FilesCall("move", Path.of("moved"), text, plain),
            new FilesCall("move", Path.of("moved"), text, replacing),
            new FilesCall("move", directory, Path.of("a/f"), atomic),
            new FilesCall("move", Path.of("none"), Path.of("x"), plain)));
  }

  @ParameterizedTest
  @EnumSource
  void copies(Caller caller) throws Exception {
    CopyOption[][] options = {
      {},
      {REPLACE_EXISTING},
      {COPY_ATTRIBUTES},
      {NOFOLLOW_LINKS},
      {REPLACE_EXISTING, NOFOLLOW_LINKS, COPY_ATTRIBUTES},
      {ATOMIC_MOVE}
    };
    List<String> targets = List.of("text", "empty", "directory", "link", "no/where");
    List<FilesCall> calls = new ArrayList<>();
    for (String name :
        List.of("text", "bytes", "empty", "large", "link", "dangling", "directory", "no")) {
      for (int i = 0; i < options.length; i++) {
        String existing = targets.get(calls.size() / 2 % targets.size());
        calls.add(new FilesCall("copy", Path.of(name), Path.of(name + i), options[i]));
        calls.add(new FilesCall("copy", Path.of(name), Path.of(existing), options[i]));
      }
    }
    compare(caller, calls);
  }

  @ParameterizedTest
  @EnumSource
  void attributes(Caller caller) throws Exception {
    var permissions = PosixFilePermissions.fromString("rw-r-----");
    var owner = Files.getOwner(dir);
    List<FilesCall> calls = new ArrayList<>();
    for (String name : List.of("text", "bytes", "link", "dangling", "directory", "no", ".hidden")) {
      Path path = Path.of(name);
      calls.add(new FilesCall("exists", path, FOLLOW));
      calls.add(new FilesCall("exists", path, NOFOLLOW));
      calls.add(new FilesCall("notExists", path, FOLLOW));
      calls.add(new FilesCall("isRegularFile", path, FOLLOW));
      calls.add(new FilesCall("isDirectory", path, NOFOLLOW));
      for (String question :
          List.of("isSymbolicLink", "isReadable", "isWritable", "isExecutable", "isHidden")) {
        calls.add(new FilesCall(question, path));
      }
      if (!name.equals("directory")) {
        calls.add(new FilesCall("size", path));
      }
      calls.add(new FilesCall("getOwner", path, FOLLOW));
      calls.add(new FilesCall("setOwner", path, owner));
      calls.add(new FilesCall("setPosixFilePermissions", path, permissions));
      calls.add(new FilesCall("getPosixFilePermissions", path, NOFOLLOW));
      calls.add(new FilesCall("setLastModifiedTime", path, FilesCall.THEN));
      calls.add(new FilesCall("getLastModifiedTime", path, FOLLOW));
      calls.add(new FilesCall("getAttribute", path, "unix:mode", FOLLOW));
      calls.add(new FilesCall("getAttribute", path, "no:such", FOLLOW));
      calls.add(new FilesCall("setAttribute", path, "unix:mode", 0100700, FOLLOW));
      calls.add(new FilesCall("readAttributes", path, "isDirectory,isOther", FOLLOW));
    }
    compare(caller, calls);
    caller.run(() -> {
      Path text = dir.resolve("ours ASYNC_FILES/text");
      assertThat(AsyncFiles.readAttributes(text, BasicFileAttributes.class).size())
          .isEqualTo(Files.readAttributes(text, BasicFileAttributes.class).size());
      assertThat(AsyncFiles.toRealPath(dir.resolve("ours ASYNC_FILES/link")))
          .isEqualTo(text.toRealPath());
    });
    FilesCall.CALLED.add("readAttributes(Path, Class, LinkOption[])");
  }

  @ParameterizedTest
  @EnumSource
  void directories(Caller caller) throws Exception {
    FileVisitOption[] stay = {};
    FileVisitOption[] follow = {FileVisitOption.FOLLOW_LINKS};
    Path ours = tree(dir.resolve("ours"));
    for (String name : List.of("", "text", "no", "directory/in", "directory", "dangling")) {
      Path path = Path.of(name);
      for (FilesCall call :
          List.of(
              new FilesCall("list", path),
              new FilesCall("walk", path, stay),
              new FilesCall("walk", path, 1, stay),
              new FilesCall("walk", path, follow))) {
        String expected = call.outcome(Files.class, ours);
        for (FilesCall.Face face : FilesCall.Face.values()) {
          caller.run(() ->
              assertThat(call.outcome(face.owner, face.root(ours)))
                  .as("%s %s", face, call)
                  .isEqualTo(expected));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void copiesStreams(Caller caller) throws Exception {
    byte[] content = new byte[200_000];
    new java.util.Random(1).nextBytes(content);
    Path target = dir.resolve("target");
    caller.run(() -> {
      assertThat(AsyncFiles.copy(new ByteArrayInputStream(content), target)).isEqualTo(200_000);
      assertThat(target).hasBinaryContent(content);
      assertThatThrownBy(() -> AsyncFiles.copy(new ByteArrayInputStream(content), target))
          .isInstanceOf(FileAlreadyExistsException.class);
      AsyncFiles.copy(new ByteArrayInputStream(new byte[3]), target, REPLACE_EXISTING);
      assertThat(target).hasBinaryContent(new byte[3]);
      var bytes = new ByteArrayOutputStream();
      assertThat(AsyncFiles.copy(target, bytes)).isEqualTo(3);
      assertThat(bytes.toByteArray()).isEqualTo(new byte[3]);
      assertThatThrownBy(
              () -> AsyncFiles.copy(new ByteArrayInputStream(content), target, COPY_ATTRIBUTES))
          .isInstanceOf(UnsupportedOperationException.class);
    });
    FilesCall.CALLED.add("copy(InputStream, Path, CopyOption[])");
    FilesCall.CALLED.add("copy(Path, OutputStream)");
  }

  @ParameterizedTest
  @EnumSource
  void temporaryFiles(Caller caller) throws Exception {
    caller.run(() -> {
      Path file = AsyncFiles.createTempFile(dir, "pre", ".suf");
      assertThat(file).isRegularFile().hasParent(dir);
      assertThat(file.getFileName().toString()).startsWith("pre").endsWith(".suf");
      assertThat(PosixFilePermissions.toString(AsyncFiles.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(AsyncFiles.createTempDirectory(dir, null)).isDirectory().hasParent(dir);
      Path elsewhere = AsyncFiles.createTempFile("goasync", null);
      Path directory = AsyncFiles.createTempDirectory("goasync");
      assertThat(elsewhere).isRegularFile();
      assertThat(directory).isDirectory();
      AsyncFiles.delete(elsewhere);
      AsyncFiles.delete(directory);
    });
    for (Method method : AsyncFiles.class.getMethods()) {
      if (method.getName().startsWith("createTemp")) {
        FilesCall.CALLED.add(FilesCall.signature(method));
      }
    }
  }
}
