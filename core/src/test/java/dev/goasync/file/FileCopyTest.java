package dev.goasync.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.Fifo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies that fail, compete, or copy files without an end. */
@Conformance
final class FileCopyTest {
  private static final int LARGE = 20 << 20;

  @TempDir Path dir;

  /** A file that this process cannot read; root cannot read write-only files of /proc/sys. */
  private Path unreadable() throws IOException {
    Path path = Files.writeString(dir.resolve("unreadable"), "new");
    Files.setPosixFilePermissions(path, Set.of());
    return Files.isReadable(path) ? Path.of("/proc/sys/vm/compact_memory") : path;
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCopyFromAnUnreadableFileKeepsTheTarget(Caller caller) throws Exception {
    Path source = unreadable();
    Path target = Files.writeString(dir.resolve("target"), "precious");
    List<Path> before = entries();
    caller.run(() -> {
      assertThatThrownBy(() -> Files.copy(source, target, REPLACE_EXISTING))
          .isInstanceOf(AccessDeniedException.class);
      assertThatThrownBy(() -> AsyncFiles.copy(source, target, REPLACE_EXISTING))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining(source.toString());
      assertThatThrownBy(() ->
              Files.copy(AsyncFileSystem.of(source), AsyncFileSystem.of(target), REPLACE_EXISTING))
          .isInstanceOf(AccessDeniedException.class);
    });
    assertThat(target).hasContent("precious");
    assertThat(entries()).isEqualTo(before);
  }

  @Test
  void aCancelledReplacingCopyKeepsTheTarget() throws Exception {
    Path source = Files.write(dir.resolve("source"), new byte[LARGE]);
    Path target = Files.writeString(dir.resolve("target"), "precious");
    Caller.COROUTINE.run(() -> {
      Task<?>[] self = new Task<?>[1];
      self[0] =
          GoAsync.goAsync(() ->
              AsyncFiles.copy(
                  source, target, _ -> self[0].cancel("by the test"), REPLACE_EXISTING));
      assertThatThrownBy(self[0]::await).isInstanceOf(CancellationException.class);
    });
    assertThat(target).hasContent("precious");
    assertThat(entries()).containsExactly(source, target);
  }

  @ParameterizedTest
  @EnumSource
  void aFailedCopyFromAStreamKeepsTheTarget(Caller caller) throws Exception {
    Path target = Files.writeString(dir.resolve("target"), "precious");
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("by the test");
          }

          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            return read();
          }
        };
    caller.run(() -> {
      var begun = new ByteArrayInputStream(new byte[10]);
      assertThatThrownBy(() ->
              AsyncFiles.copy(new SequenceInputStream(begun, failing), target, REPLACE_EXISTING))
          .hasMessage("by the test");
    });
    assertThat(target).hasContent("precious");
    assertThat(entries()).containsExactly(target);
  }

  @Test
  void concurrentReplacingCopiesSucceed() throws Exception {
    Path target = dir.resolve("target");
    List<Path> sources = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      sources.add(Files.writeString(dir.resolve("source" + i), "content " + i));
    }
    Caller.COROUTINE.run(() -> {
      List<Task<?>> copies = new ArrayList<>();
      for (Path source : sources) {
        copies.add(
            GoAsync.goAsync(() -> {
              for (int i = 0; i < 20; i++) {
                AsyncFiles.copy(source, target, REPLACE_EXISTING);
                assertThat(AsyncFiles.readString(target)).startsWith("content ");
              }
            }));
      }
      GoAsync.awaitAll(copies);
    });
    assertThat(entries()).hasSize(sources.size() + 1);
  }

  @ParameterizedTest
  @EnumSource
  void replacesEmptyDirectoriesOnly(Caller caller) throws Exception {
    Path source = Files.writeString(dir.resolve("source"), "new");
    Path empty = Files.createDirectory(dir.resolve("empty"));
    Path full = Files.createDirectory(dir.resolve("full"));
    Files.createFile(full.resolve("file"));
    caller.run(() -> {
      AsyncFiles.copy(source, empty, REPLACE_EXISTING);
      assertThatThrownBy(() -> AsyncFiles.copy(source, full, REPLACE_EXISTING))
          .isInstanceOf(DirectoryNotEmptyException.class);
    });
    assertThat(empty).hasContent("new");
    assertThat(entries()).containsExactly(empty, full, source);
  }

  private boolean copiedAll(List<Path> pipes) throws IOException {
    for (Path pipe : pipes) {
      Path copy = dir.resolve(pipe.getFileName() + ".copy");
      if (!AsyncFiles.exists(copy) || AsyncFiles.size(copy) == 0) {
        return false;
      }
    }
    return true;
  }

  /** If copies of pipes occupied the workers, the other operations would never end. */
  @Test
  void copiesOfPipesDoNotOccupyTheWorkers() throws Exception {
    int count = 4 * Runtime.getRuntime().availableProcessors() + 4;
    List<Path> pipes = new ArrayList<>();
    List<FileChannel> writers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path pipe = Fifo.make(dir.resolve("pipe" + i));
      pipes.add(pipe);
      writers.add(FileChannel.open(pipe, READ, WRITE)); // does not wait for a reader
    }
    Caller.COROUTINE.run(() -> {
      List<Task<?>> copies = new ArrayList<>();
      for (Path pipe : pipes) {
        Path target = dir.resolve(pipe.getFileName() + ".copy");
        copies.add(GoAsync.goAsync(() -> AsyncFiles.copy(pipe, target)));
      }
      for (int i = 0; i < count; i++) {
        assertThat(AsyncFiles.exists(dir)).isTrue();
      }
      for (FileChannel writer : writers) {
        writer.write(ByteBuffer.wrap("through the pipe".getBytes(UTF_8)));
      }
      while (!copiedAll(pipes)) {
        GoAsync.yield();
      }
      for (FileChannel writer : writers) {
        writer.close();
      }
      GoAsync.awaitAll(copies);
    });
    for (Path pipe : pipes) {
      assertThat(dir.resolve(pipe.getFileName() + ".copy")).hasContent("through the pipe");
    }
  }
}
