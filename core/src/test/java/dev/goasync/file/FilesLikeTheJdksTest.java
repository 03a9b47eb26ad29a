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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
  private static final FileTime THEN = FileTime.fromMillis(1_000_000_000_000L);
  private static final LinkOption[] FOLLOW = {};
  private static final LinkOption[] NOFOLLOW = {NOFOLLOW_LINKS};
  private static final FileAttribute<?>[] DEFAULTS = {};
  private static final FileAttribute<?>[] SECRET = {
    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
  };

  private static final Set<String> CALLED = new ConcurrentSkipListSet<>();

  @TempDir Path dir;

  /** A call by method name; path arguments are relative to the tree. */
  private static final class Call {
    private final String name;
    private final @Nullable Object[] arguments;

    Call(String name, @Nullable Object... arguments) {
      this.name = name;
      this.arguments = arguments;
    }

    Object in(Class<?> owner, Path root) throws Throwable {
      Object[] resolved =
          Arrays.stream(arguments)
              .map(each -> each instanceof Path path ? root.resolve(path.toString()) : each)
              .toArray();
      Method method =
          Arrays.stream(owner.getMethods()).filter(this::fits).findFirst().orElseThrow();
      if (owner == AsyncFiles.class) {
        CALLED.add(signature(method));
      }
      try {
        return method.invoke(null, resolved);
      } catch (InvocationTargetException thrown) {
        throw thrown.getCause();
      }
    }

    private boolean fits(Method method) {
      Class<?>[] types = method.getParameterTypes();
      boolean fits = method.getName().equals(name) && types.length == arguments.length;
      for (int i = 0; fits && i < types.length; i++) {
        Object argument = arguments[i];
        fits =
            argument == null
                || types[i].isInstance(argument)
                || (types[i] == int.class && argument instanceof Integer);
      }
      return fits;
    }

    @Override
    public String toString() {
      return name + Arrays.deepToString(arguments);
    }
  }

  private static String signature(Method method) {
    return method.getName()
        + Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", ", "(", ")"));
  }

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
        all.add(signature(method));
      }
    }
    if (CALLED.size() > all.size() / 2) { // else only some tests were run
      assertThat(CALLED).containsExactlyInAnyOrderElementsOf(all);
    }
  }

  /** The outcome of a call: its result without the tree's name, or the kind of its exception. */
  private static String outcome(Call call, Class<?> owner, Path root) {
    try {
      Object result = call.in(owner, root);
      if (result instanceof Stream<?> stream) {
        try (stream) {
          result = stream.toList();
        }
      }
      String text =
          switch (result) {
            case byte[] bytes -> new String(bytes, ISO_8859_1);
            case List<?> list ->
                list.stream().map(String::valueOf).collect(Collectors.joining("\n"));
            case Set<?> set -> new TreeSet<>(set).toString();
            case Map<?, ?> map -> new TreeMap<>(map).toString();
            case null, default -> String.valueOf(result);
          };
      return text.replace(root.toString(), "ROOT");
    } catch (Throwable thrown) {
      return kind(thrown, root);
    }
  }

  /** Messages of plain IOExceptions are not compared: ours contain more than the JDK's. */
  private static String kind(Throwable thrown, Path root) {
    Class<?> type = thrown.getClass();
    if (type == IOException.class || type == FileSystemException.class) {
      return "IOException";
    }
    String file = thrown instanceof FileSystemException named ? " at " + named.getFile() : "";
    return type.getSimpleName() + file.replace(root.toString(), "ROOT");
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
      Files.setLastModifiedTime(root.resolve(path), THEN);
    }
    return root;
  }

  /** Names, kinds, permissions, times and contents of all entries of a tree. */
  private static Map<String, String> snapshot(Path root) throws IOException {
    Map<String, String> seen = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        PosixFileAttributes attributes =
            Files.readAttributes(path, PosixFileAttributes.class, NOFOLLOW_LINKS);
        String content =
            attributes.isRegularFile()
                ? new String(Files.readAllBytes(path), ISO_8859_1)
                : attributes.isSymbolicLink()
                    ? Files.readSymbolicLink(path).toString()
                    : "directory";
        String time = attributes.lastModifiedTime().equals(THEN) ? " then " : " now ";
        seen.put(
            root.relativize(path).toString(),
            PosixFilePermissions.toString(attributes.permissions())
                + time
                + content.replace(root.toString(), "ROOT"));
      }
    }
    return seen;
  }

  /** The implementation to compare with {@code Files}. */
  private enum Face {
    ASYNC_FILES(AsyncFiles.class) {
      @Override
      Path root(Path root) {
        return root;
      }
    },
    FILE_SYSTEM(Files.class) {
      @Override
      Path root(Path root) {
        return AsyncFileSystem.of(root);
      }
    };

    final Class<?> owner;

    Face(Class<?> owner) {
      this.owner = owner;
    }

    abstract Path root(Path root);
  }

  private void compare(Caller caller, List<Call> calls) throws Exception {
    for (Face face : Face.values()) {
      Path ours = tree(dir.resolve("ours " + face));
      Path jdks = tree(dir.resolve("jdks " + face));
      Path root = face.root(ours);
      for (Call call : calls) {
        String expected = outcome(call, Files.class, jdks);
        caller.run(() ->
            assertThat(outcome(call, face.owner, root))
                .as("%s %s", face, call)
                .isEqualTo(expected));
      }
      assertThat(snapshot(ours)).isEqualTo(snapshot(jdks));
    }
  }

  private static OpenOption[] open(OpenOption... options) {
    return options;
  }

  @ParameterizedTest
  @EnumSource
  void contents(Caller caller) throws Exception {
    List<Call> calls = new ArrayList<>();
    for (String name :
        List.of(
            "text", "bytes", "empty", "large", "link", "dangling", "none", "directory", "text/x")) {
      Path path = Path.of(name);
      byte[] bytes = {65, 66};
      calls.add(new Call("readAllBytes", path));
      calls.add(new Call("readString", path));
      calls.add(new Call("readString", path, ISO_8859_1));
      calls.add(new Call("readAllLines", path));
      calls.add(new Call("readAllLines", path, US_ASCII));
      calls.add(new Call("write", path, bytes, open(APPEND)));
      calls.add(new Call("writeString", Path.of(name + "2"), "\u00e9", open(CREATE_NEW)));
      calls.add(new Call("writeString", path, "\u00e9", US_ASCII, open()));
      calls.add(new Call("writeString", path, "x", UTF_8, open(READ)));
      calls.add(new Call("write", path, bytes, open()));
      calls.add(new Call("write", path, List.of("one", "", "\u00e4"), open()));
      calls.add(new Call("lines", path));
    }
    compare(caller, calls);
  }

  /** As root the calls of {@link #contents} replace the malformed bytes before they are read. */
  @ParameterizedTest
  @EnumSource
  void linesOfUnusualText(Caller caller) throws Exception {
    List<Call> calls = new ArrayList<>();
    for (String name : List.of("text", "bytes", "empty", "returns")) {
      calls.add(new Call("lines", Path.of(name)));
      calls.add(new Call("readAllLines", Path.of(name)));
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
            new Call("createFile", Path.of("new"), SECRET),
            new Call("createFile", text, DEFAULTS),
            new Call("createDirectory", Path.of("a/b"), DEFAULTS),
            new Call("createDirectory", Path.of("a"), SECRET),
            new Call("createDirectories", Path.of("a/b/c"), DEFAULTS),
            new Call("createDirectories", Path.of("text/c"), DEFAULTS),
            new Call("createSymbolicLink", soft, directory, DEFAULTS),
            new Call("createLink", hard, text),
            new Call("readSymbolicLink", soft),
            new Call("readSymbolicLink", text),
            new Call("isSameFile", hard, Path.of("link")),
            new Call("isSameFile", hard, Path.of("none")),
            new Call("mismatch", text, hard),
            new Call("mismatch", text, Path.of("bytes")),
            new Call("deleteIfExists", soft),
            new Call("deleteIfExists", soft),
            new Call("delete", directory),
            new Call("delete", Path.of("empty")),
            new Call("delete", Path.of("empty")),
            new Call("move", Path.of("large"), Path.of("moved"), plain),
            new Call("move", Path.of("moved"), text, plain),
            new Call("move", Path.of("moved"), text, replacing),
            new Call("move", directory, Path.of("a/f"), atomic),
            new Call("move", Path.of("none"), Path.of("x"), plain)));
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
    List<Call> calls = new ArrayList<>();
    for (String name :
        List.of("text", "bytes", "empty", "large", "link", "dangling", "directory", "no")) {
      for (int i = 0; i < options.length; i++) {
        String existing = targets.get(calls.size() / 2 % targets.size());
        calls.add(new Call("copy", Path.of(name), Path.of(name + i), options[i]));
        calls.add(new Call("copy", Path.of(name), Path.of(existing), options[i]));
      }
    }
    compare(caller, calls);
  }

  @ParameterizedTest
  @EnumSource
  void attributes(Caller caller) throws Exception {
    var permissions = PosixFilePermissions.fromString("rw-r-----");
    var owner = Files.getOwner(dir);
    List<Call> calls = new ArrayList<>();
    for (String name : List.of("text", "bytes", "link", "dangling", "directory", "no", ".hidden")) {
      Path path = Path.of(name);
      calls.add(new Call("exists", path, FOLLOW));
      calls.add(new Call("exists", path, NOFOLLOW));
      calls.add(new Call("notExists", path, FOLLOW));
      calls.add(new Call("isRegularFile", path, FOLLOW));
      calls.add(new Call("isDirectory", path, NOFOLLOW));
      for (String question :
          List.of("isSymbolicLink", "isReadable", "isWritable", "isExecutable", "isHidden")) {
        calls.add(new Call(question, path));
      }
      if (!name.equals("directory")) {
        calls.add(new Call("size", path));
      }
      calls.add(new Call("getOwner", path, FOLLOW));
      calls.add(new Call("setOwner", path, owner));
      calls.add(new Call("setPosixFilePermissions", path, permissions));
      calls.add(new Call("getPosixFilePermissions", path, NOFOLLOW));
      calls.add(new Call("setLastModifiedTime", path, THEN));
      calls.add(new Call("getLastModifiedTime", path, FOLLOW));
      calls.add(new Call("getAttribute", path, "unix:mode", FOLLOW));
      calls.add(new Call("getAttribute", path, "no:such", FOLLOW));
      calls.add(new Call("setAttribute", path, "unix:mode", 0100700, FOLLOW));
      calls.add(new Call("readAttributes", path, "isDirectory,isOther", FOLLOW));
    }
    compare(caller, calls);
    caller.run(() -> {
      Path text = dir.resolve("ours ASYNC_FILES/text");
      assertThat(AsyncFiles.readAttributes(text, BasicFileAttributes.class).size())
          .isEqualTo(Files.readAttributes(text, BasicFileAttributes.class).size());
      assertThat(AsyncFiles.toRealPath(dir.resolve("ours ASYNC_FILES/link")))
          .isEqualTo(text.toRealPath());
    });
    CALLED.add("readAttributes(Path, Class, LinkOption[])");
  }

  @ParameterizedTest
  @EnumSource
  void directories(Caller caller) throws Exception {
    FileVisitOption[] stay = {};
    FileVisitOption[] follow = {FileVisitOption.FOLLOW_LINKS};
    Path ours = tree(dir.resolve("ours"));
    for (String name : List.of("", "text", "no", "directory/in", "directory", "dangling")) {
      Path path = Path.of(name);
      for (Call call :
          List.of(
              new Call("list", path),
              new Call("walk", path, stay),
              new Call("walk", path, 1, stay),
              new Call("walk", path, follow))) {
        String expected = outcome(call, Files.class, ours);
        for (Face face : Face.values()) {
          caller.run(() ->
              assertThat(outcome(call, face.owner, face.root(ours)))
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
    CALLED.add("copy(InputStream, Path, CopyOption[])");
    CALLED.add("copy(Path, OutputStream)");
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
        CALLED.add(signature(method));
      }
    }
  }
}
