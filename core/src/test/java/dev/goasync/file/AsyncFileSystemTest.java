package dev.goasync.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.Fifo;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Paths and channels of {@code AsyncFileSystem}; {@code FilesLikeTheJdksTest} tests {@code Files}.
 */
@Conformance
final class AsyncFileSystemTest {
  @TempDir Path dir;
  private Path root = Path.of("");

  @BeforeEach
  void wrapRoot() {
    root = AsyncFileSystem.of(dir);
  }

  @Test
  void pathOperationsEqualThoseOfTheDefaultFileSystem() throws Exception {
    Path path = AsyncFileSystem.path("/a", "b/../c");
    Path machine = Path.of("/a/b/../c");
    assertThat(path.toString()).isEqualTo(machine.toString());
    assertThat(path).isNotEqualTo(machine).isEqualTo(AsyncFileSystem.of(machine));
    assertThat(path.hashCode()).isEqualTo(AsyncFileSystem.of(machine).hashCode());
    assertThat(AsyncFileSystem.of(path)).isSameAs(path);
    assertThat(path.isAbsolute()).isTrue();
    assertThat(path.getNameCount()).isEqualTo(4);
    assertThat(path.normalize()).isEqualTo(AsyncFileSystem.path("/a/c"));
    assertThat(path.getRoot()).isEqualTo(AsyncFileSystem.path("/"));
    assertThat(path.getParent()).isEqualTo(AsyncFileSystem.path("/a/b/.."));
    assertThat(path.getFileName()).isEqualTo(AsyncFileSystem.path("c"));
    assertThat(AsyncFileSystem.path("x").getParent()).isNull();
    assertThat(path.subpath(1, 3)).isEqualTo(AsyncFileSystem.path("b/.."));
    assertThat(path.getName(0).resolve("z").toAbsolutePath().getFileSystem())
        .isSameAs(AsyncFileSystem.instance());
    assertThat(path.relativize(AsyncFileSystem.path("/a")).toString())
        .isEqualTo(machine.relativize(Path.of("/a")).toString());
    assertThat(path.startsWith("/a")).isTrue();
    assertThat(path.startsWith(Path.of("/a"))).isFalse();
    assertThat(path.endsWith("c")).isTrue();
    assertThat(path.compareTo(AsyncFileSystem.path("/b"))).isNegative();
    assertThat(path.iterator().next()).isEqualTo(AsyncFileSystem.path("a"));
    assertThatThrownBy(path::toFile).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> path.resolve(machine)).isInstanceOf(ProviderMismatchException.class);
    assertThatThrownBy(() -> path.compareTo(machine)).isInstanceOf(ClassCastException.class);
  }

  @Test
  void theJdkFindsTheProviderByItsScheme() throws Exception {
    Path space = dir.resolve("a space");
    Path ours = AsyncFileSystem.of(space);
    assertThat(ours.toUri().getScheme()).isEqualTo("goasync");
    assertThat(Path.of(ours.toUri())).isEqualTo(ours);
    assertThat(java.nio.file.FileSystems.getFileSystem(URI.create("goasync:///")))
        .isSameAs(AsyncFileSystem.instance());
    var provider = AsyncFileSystem.instance().provider();
    assertThat(provider.getScheme()).isEqualTo("goasync");
    assertThatThrownBy(() -> provider.newFileSystem(URI.create("goasync:///"), Map.of()))
        .isInstanceOf(FileSystemAlreadyExistsException.class);
    assertThatThrownBy(() -> provider.getPath(URI.create("file:///a")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> provider.getPath(URI.create("goasync://host/a")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void propertiesAreThoseOfTheDefaultFileSystem() {
    var ours = AsyncFileSystem.instance();
    assertThat(ours.isOpen()).isTrue();
    assertThat(ours.isReadOnly()).isFalse();
    assertThat(ours.getSeparator()).isEqualTo("/");
    assertThat(ours.getRootDirectories()).containsExactly(AsyncFileSystem.path("/"));
    assertThat(ours.getFileStores()).isNotEmpty();
    assertThat(ours.supportedFileAttributeViews()).contains("basic", "posix");
    assertThat(ours.getUserPrincipalLookupService()).isNotNull();
    assertThat(ours.getPathMatcher("glob:*.txt").matches(AsyncFileSystem.path("a.txt"))).isTrue();
    assertThatThrownBy(ours::close).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> AsyncFileSystem.of(jrt()))
        .isInstanceOf(ProviderMismatchException.class);
  }

  private static Path jrt() {
    return Path.of(URI.create("jrt:/java.base"));
  }

  @ParameterizedTest
  @EnumSource
  void directoryStreamsReturnAsyncPaths(Caller caller) throws Exception {
    for (int i = 0; i < 300; i++) {
      Files.createFile(dir.resolve("file" + i));
    }
    caller.run(() -> {
      try (var stream = Files.newDirectoryStream(root, "*1")) {
        List<Path> found = new ArrayList<>();
        var iterator = stream.iterator();
        assertThatThrownBy(stream::iterator).isInstanceOf(IllegalStateException.class);
        iterator.forEachRemaining(found::add);
        assertThat(found).hasSize(30).allMatch(path -> path instanceof AsyncPath);
        assertThatThrownBy(iterator::next).isInstanceOf(java.util.NoSuchElementException.class);
      }
      try (var stream =
          Files.newDirectoryStream(
              root,
              path -> {
                throw new IOException("by the filter");
              })) {
        assertThatThrownBy(() -> stream.iterator().hasNext())
            .isInstanceOf(java.nio.file.DirectoryIteratorException.class);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void walkFileTreeWorks(Caller caller) throws Exception {
    Files.createDirectories(dir.resolve("a/b"));
    Files.writeString(dir.resolve("a/b/c"), "x");
    caller.run(() -> {
      TreeSet<Path> seen = new TreeSet<>();
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              seen.add(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                throws IOException {
              seen.add(directory);
              return FileVisitResult.CONTINUE;
            }
          });
      assertThat(seen)
          .containsExactly(root, root.resolve("a"), root.resolve("a/b"), root.resolve("a/b/c"));
      assertThat(Files.getFileStore(root).type()).isNotEmpty();
      assertThat(root.resolve("a/../a").toRealPath()).isEqualTo(root.toRealPath().resolve("a"));
    });
  }

  @ParameterizedTest
  @EnumSource
  void attributeViewsWork(Caller caller) throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    caller.run(() -> {
      FileTime then = FileTime.fromMillis(1_000_000_000_000L);
      var view = Files.getFileAttributeView(root.resolve("file"), BasicFileAttributeView.class);
      view.setTimes(then, null, null);
      assertThat(view.readAttributes().lastModifiedTime()).isEqualTo(then);
      assertThat(view.name()).isEqualTo("basic");
      assertThat(Files.getOwner(root.resolve("file"))).isEqualTo(Files.getOwner(file));
      var missing = Files.getFileAttributeView(root.resolve("none"), FileOwnerAttributeView.class);
      assertThatThrownBy(missing::getOwner)
          .isInstanceOf(java.nio.file.NoSuchFileException.class)
          .hasMessageContaining("none");
    });
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("try") // the test closes the channel early
  void mapsAndLocks(Caller caller) throws Exception {
    Path path = root.resolve("file");
    caller.run(() -> {
      Files.writeString(path, "content");
      try (var channel = FileChannel.open(path, READ, WRITE);
          var other = FileChannel.open(path, WRITE);
          Arena arena = Arena.ofConfined()) {
        channel.map(MapMode.READ_WRITE, 0, 7).put(0, (byte) 'C');
        assertThat(channel.map(MapMode.READ_ONLY, 0, 7, arena).get(ValueLayout.JAVA_BYTE, 0))
            .isEqualTo((byte) 'C');
        assertThatThrownBy(() -> other.map(MapMode.READ_ONLY, 0, 7))
            .isInstanceOf(NonReadableChannelException.class);
        try (FileLock lock = channel.lock()) {
          assertThat(lock.isValid()).isTrue();
          assertThat(lock.acquiredBy()).isSameAs(channel);
          assertThat(other.tryLock()).isNull();
        }
        FileLock lock = other.tryLock(1, 2, false);
        assertThat(lock).isNotNull();
        other.close();
        assertThat(lock.isValid()).isFalse();
        assertThatThrownBy(lock::release).isInstanceOf(ClosedChannelException.class);
      }
      try (var reader = FileChannel.open(path)) {
        assertThatThrownBy(() -> reader.map(MapMode.READ_WRITE, 0, 1))
            .isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> reader.transferFrom(reader, 0, 1))
            .isInstanceOf(NonWritableChannelException.class);
        ByteBuffer head = ByteBuffer.allocate(1);
        assertThat(reader.read(head, 0)).isEqualTo(1);
        assertThat(head.get(0)).isEqualTo((byte) 'C');
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void transfersAndForces(Caller caller) throws Exception {
    Path path = root.resolve("file");
    caller.run(() -> {
      Files.write(path, new byte[100_000]);
      try (var from = FileChannel.open(path);
          var to = FileChannel.open(root.resolve("copy"), CREATE, READ, WRITE)) {
        assertThat(from.transferTo(0, Long.MAX_VALUE, to)).isEqualTo(100_000);
        assertThat(to.position()).isEqualTo(100_000);
        assertThat(to.transferFrom(from, 100_000, 10)).isEqualTo(10);
        assertThat(to.transferFrom(from, 200_000, 10)).as("beyond the end").isEqualTo(10);
        assertThat(to.size()).isEqualTo(200_010);
        to.force(true);
      }
      assertThat(Files.size(root.resolve("copy"))).isEqualTo(200_010);
    });
  }

  @ParameterizedTest
  @EnumSource
  void pipesAreReadSequentially(Caller caller) throws Exception {
    Path pipe = Fifo.make(dir.resolve("pipe"));
    caller.run(() -> {
      for (Path path : List.of(pipe, AsyncFileSystem.of(pipe))) { // the JDK's channel, and ours
        try (var channel = FileChannel.open(path, READ, WRITE)) {
          assertThat(channel.write(ByteBuffer.wrap("through".getBytes(UTF_8)))).isEqualTo(7);
          ByteBuffer read = ByteBuffer.allocate(100);
          assertThat(channel.read(read)).isEqualTo(7);
          assertThat(new String(read.array(), 0, 7, UTF_8)).isEqualTo("through");
          assertThat(channel.size()).isZero();
          assertThatThrownBy(channel::position).isInstanceOf(IOException.class);
          assertThatThrownBy(() -> channel.position(1)).isInstanceOf(IOException.class);
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void streamsReadPipes(Caller caller) throws Exception {
    Path pipe = Fifo.make(dir.resolve("pipe"));
    caller.run(() -> {
      for (Path path : List.of(pipe, AsyncFileSystem.of(pipe))) { // the JDK's stream, and ours
        InputStream stream;
        try (var writer = FileChannel.open(pipe, READ, WRITE)) {
          stream = Files.newInputStream(path);
          writer.write(ByteBuffer.wrap("through".getBytes(UTF_8)));
          assertThat(stream.read()).isEqualTo('t');
        }
        try (stream) {
          assertThat(new String(stream.readAllBytes(), UTF_8)).isEqualTo("hrough");
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void temporaryFilesArePrivate(Caller caller) throws Exception {
    caller.run(() -> {
      assertThat(permissions(Files.createTempFile(root, "a", "b")))
          .isEqualTo(permissions(Files.createTempFile(dir, "a", "b")))
          .isEqualTo("rw-------");
      assertThat(permissions(Files.createTempDirectory(root, "a")))
          .isEqualTo(permissions(Files.createTempDirectory(dir, "a")))
          .isEqualTo("rwx------");
      assertThat(permissions(Files.createFile(root.resolve("plain"))))
          .isEqualTo(permissions(Files.createFile(dir.resolve("plain2"))));
    });
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** An interrupt closes a JDK channel. */
  @Test
  void anInterruptDoesNotCloseTheChannel() throws Exception {
    Files.writeString(dir.resolve("file"), "content");
    try (var channel = FileChannel.open(root.resolve("file"))) {
      Thread.currentThread().interrupt();
      assertThat(channel.read(ByteBuffer.allocate(3))).isEqualTo(3);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(channel.isOpen()).isTrue();
    }
  }

  @Test
  void concurrentWritesAtThePositionDoNotOverlap() throws Exception {
    int count = 50;
    Caller.COROUTINE.run(() -> {
      try (var channel = FileChannel.open(root.resolve("file"), CREATE, READ, WRITE)) {
        List<Task<?>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          byte[] part = new byte[1000];
          java.util.Arrays.fill(part, (byte) i);
          all.add(
              GoAsync.goAsync(
                  () -> assertThat(channel.write(ByteBuffer.wrap(part))).isEqualTo(1000)));
        }
        GoAsync.awaitAll(all);
        assertThat(channel.position()).isEqualTo(count * 1000L);
        channel.position(0);
        TreeSet<Byte> seen = new TreeSet<>();
        all.clear();
        for (int i = 0; i < count; i++) {
          all.add(
              GoAsync.goAsync(() -> {
                ByteBuffer part = ByteBuffer.allocate(1000);
                assertThat(channel.read(part)).isEqualTo(1000);
                for (byte each : part.array()) {
                  assertThat(each).isEqualTo(part.get(0));
                }
                seen.add(part.get(0));
              }));
        }
        GoAsync.awaitAll(all);
        assertThat(seen).hasSize(count);
      }
    });
  }
}
