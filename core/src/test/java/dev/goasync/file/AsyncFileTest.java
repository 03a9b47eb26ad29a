package dev.goasync.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Descriptors;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.testkit.Fifo;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Conformance
final class AsyncFileTest {
  @TempDir Path dir;
  private long openBefore;

  @BeforeEach
  void countDescriptors() throws IOException {
    openBefore = Descriptors.count(dir.toString());
  }

  @AfterEach
  void noDescriptorIsLeftOpen() throws IOException {
    assertThat(Descriptors.count(dir.toString())).isEqualTo(openBefore);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(dir.resolve("file"), content);
  }

  @ParameterizedTest
  @EnumSource
  void readsAllAndLines(Caller caller) throws Exception {
    Path path = file("one\ntwo\r\n\nlast é");
    caller.run(() -> {
      try (var file = AsyncFile.open(path)) {
        assertThat(file.readLine()).isEqualTo("one");
        assertThat(file.position()).isEqualTo(4);
        assertThat(file.readLine()).isEqualTo("two");
        assertThat(file.readLine()).isEmpty();
        assertThat(file.readAll()).isEqualTo("last é");
        assertThat(file.readAll()).isEmpty();
        assertThat(file.readLine()).isNull();
        file.position(0);
        assertThat(file.readAll(ISO_8859_1)).endsWith("Ã©");
        assertThat(file.size()).isEqualTo(Files.size(path));
        assertThat(file).hasToString("AsyncFile[" + path + "]");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void readsEmptyFiles(Caller caller) throws Exception {
    Path path = file("");
    caller.run(() -> {
      try (var file = AsyncFile.open(path)) {
        assertThat(file.readAll()).isEmpty();
        assertThat(file.readLine()).isNull();
        assertThat(file.readAllBytes()).isEmpty();
        assertThat(file.read(ByteBuffer.allocate(10))).isEqualTo(-1);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void readsProcFilesThatReportSizeZero(Caller caller) throws Exception {
    caller.run(() -> {
      try (var file = AsyncFile.open(Path.of("/proc/self/status"))) {
        assertThat(file.readAll()).startsWith("Name:").contains("VmRSS");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void threadsAndCoroutinesShareThePosition(Caller caller) throws Exception {
    try (var file = AsyncFile.open(file("abcdef"))) {
      file.read(ByteBuffer.allocate(2));
      caller.run(() -> {
        assertThat(file.position()).isEqualTo(2);
        ByteBuffer direct = ByteBuffer.allocateDirect(3);
        assertThat(file.read(direct)).isEqualTo(3);
        assertThat(UTF_8.decode(direct.flip()).toString()).isEqualTo("cde");
      });
      assertThat(file.readAll()).isEqualTo("f");
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesAndPositionsAreRightAfterBufferedReads(Caller caller) throws Exception {
    Path path = file("first\nsecond\n");
    caller.run(() -> {
      try (var file = AsyncFile.open(path, READ, WRITE)) {
        file.readLine();
        file.writeAll("SEC");
        assertThat(file.readLine()).isEqualTo("ond");
        file.write(ByteBuffer.wrap("F".getBytes(UTF_8)), 0);
        file.truncate(9);
        assertThat(file.position()).isEqualTo(9);
        file.force(true);
        ByteBuffer view = ByteBuffer.wrap("!?".getBytes(UTF_8)).asReadOnlyBuffer();
        file.writeAll(view);
        ByteBuffer at = ByteBuffer.allocate(3);
        assertThat(file.read(at, 6)).isEqualTo(3);
        assertThat(file.read(at.clear(), 11)).isEqualTo(-1);
      }
      assertThat(path).hasContent("First\nSEC!?");
    });
  }

  @ParameterizedTest
  @EnumSource
  void appends(Caller caller) throws Exception {
    Path path = file("a");
    caller.run(() -> {
      try (var file = AsyncFile.open(path, APPEND)) {
        assertThat(file.position()).isEqualTo(1);
        file.writeAll("b");
        Files.writeString(path, "c", APPEND);
        file.writeAll("d");
        assertThat(file.position()).isEqualTo(4);
      }
      assertThat(path).hasContent("abcd");
    });
  }

  @ParameterizedTest
  @EnumSource
  void createsFilesByTheOpenOptions(Caller caller) throws Exception {
    Path path = dir.resolve("new");
    caller.run(() -> {
      assertThatThrownBy(() -> AsyncFile.open(path, WRITE))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining(path.toString());
      AsyncFile.open(path, WRITE, CREATE_NEW, SYNC).close();
      assertThatThrownBy(() -> AsyncFile.open(path, WRITE, CREATE_NEW))
          .isInstanceOf(FileAlreadyExistsException.class)
          .hasMessageContaining(path.toString());
      try (var file = AsyncFile.open(path, WRITE, CREATE, TRUNCATE_EXISTING)) {
        file.writeAll(new byte[] {1, 2, 3});
      }
      try (var file = AsyncFile.open(path, READ, WRITE, DELETE_ON_CLOSE)) {
        assertThat(file.readAllBytes()).containsExactly(1, 2, 3);
      }
      assertThat(path).doesNotExist();
    });
  }

  @ParameterizedTest
  @EnumSource
  void readsAndWritesLargeContent(Caller caller) throws Exception {
    byte[] content = new byte[5_000_001];
    new Random(1).nextBytes(content);
    Path path = dir.resolve("large");
    caller.run(() -> {
      try (var file = AsyncFile.open(path, READ, WRITE, CREATE)) {
        file.writeAll(ByteBuffer.allocateDirect(content.length).put(content).flip());
        file.position(0);
        assertThat(file.readAllBytes()).isEqualTo(content);
        file.position(0);
        file.writeAll(content);
        ByteBuffer direct = ByteBuffer.allocateDirect(content.length);
        while (direct.hasRemaining() && file.read(direct, direct.position()) > 0) {}
        assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(content));
      }
    });
  }

  /** A read without waiting ends at the first page that is not in the page cache. */
  @ParameterizedTest
  @EnumSource
  void aReadOfAPartlyCachedFileFillsTheBuffer(Caller caller) throws Exception {
    int size = 1 << 18;
    Path path = Files.write(dir.resolve("partly"), new byte[size]);
    caller.run(() -> {
      try (var file = AsyncFile.open(path, READ, WRITE)) {
        file.force(true);
        file.advise(Advice.DONT_NEED, 0, 0);
        file.advise(Advice.RANDOM, 0, 0);
        assertThat(file.read(ByteBuffer.allocateDirect(1), 0)).isEqualTo(1);
        assertThat(file.read(ByteBuffer.allocateDirect(size), 0)).isEqualTo(size);
        file.advise(Advice.DONT_NEED, 0, 0);
        assertThat(file.read(ByteBuffer.allocateDirect(1), 4096)).isEqualTo(1);
        file.position(4096);
        assertThat(file.read(ByteBuffer.allocateDirect(size))).isEqualTo(size - 4096);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void readsLinesLongerThanTheBuffer(Caller caller) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int length : new int[] {0, 1, 4095, 4096, 4097, 100_000, 3}) {
      lines.add("x".repeat(length));
    }
    Path path = file(String.join("\r\n", lines));
    caller.run(() -> {
      try (var file = AsyncFile.open(path)) {
        for (String line : lines) {
          assertThat(file.readLine()).isEqualTo(line);
        }
        assertThat(file.readLine()).isNull();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void errorsNameThePathAndTheReason(Caller caller) throws Exception {
    Path path = file("x");
    caller.run(() -> {
      try (var directory = AsyncFile.open(dir)) {
        assertThatThrownBy(directory::readAll)
            .isInstanceOf(FileSystemException.class)
            .hasMessage(dir + ": Is a directory");
      }
      assertThatThrownBy(() -> AsyncFile.open(path.resolve("below")))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("Not a directory");
      assertThatThrownBy(() -> AsyncFile.open(dir, WRITE))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(dir + ": Is a directory");
      try (var file = AsyncFile.open(path)) {
        assertThatThrownBy(() -> file.writeAll("no"))
            .isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> file.position(-1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("position is negative: -1");
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), -2))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
            .isInstanceOf(IllegalArgumentException.class);
      }
      try (var file = AsyncFile.open(path, WRITE)) {
        assertThatThrownBy(file::readAll).isInstanceOf(NonReadableChannelException.class);
      }
    });
  }

  @Test
  @SuppressWarnings("NullAway") // null is the wrong input
  void rejectsInvalidArguments() {
    OpenOption nothing = null;
    assertThatThrownBy(() -> AsyncFile.open(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("path");
    assertThatThrownBy(() -> AsyncFile.open(dir, nothing)).hasMessage("option");
    assertThatThrownBy(() -> AsyncFile.open(dir, READ, APPEND))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AsyncFile.open(dir, APPEND, TRUNCATE_EXISTING))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AsyncFile.open(dir, new OpenOption() {}))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @EnumSource
  void operationsFailAfterClose(Caller caller) throws Exception {
    Path path = file("x");
    caller.run(() -> {
      AsyncFile file = AsyncFile.open(path, READ, WRITE);
      file.close();
      file.close();
      assertThat(file.isOpen()).isFalse();
      assertThat(file).hasToString("AsyncFile[" + path + ", closed]");
      assertThatThrownBy(file::readAll).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> file.writeAll("x")).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(file::size).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(file::position).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> file.force(true)).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(ClosedChannelException.class);
    });
  }

  private Path fifo() throws Exception {
    return Fifo.make(dir.resolve("fifo"));
  }

  @ParameterizedTest
  @EnumSource
  void readsPipesAndCloseEndsAWaitingRead(Caller caller) throws Exception {
    Path path = fifo();
    try (var pipe = AsyncFile.open(path, READ, WRITE)) {
      Task<?> reader =
          caller.beside(() -> assertThat(pipe.readLine()).isEqualTo("through the pipe"));
      caller.run(() -> pipe.writeAll("through the pipe\n"));
      Caller.finish(reader);
      Task<?> stuck = caller.beside(pipe::readLine);
      caller.run(pipe::close);
      assertThatThrownBy(() -> Caller.finish(stuck))
          .isInstanceOfAny(AsynchronousCloseException.class, ClosedChannelException.class);
    }
  }

  /** The JDK's view of a seekable channel asks for the position, which a pipe does not have. */
  @ParameterizedTest
  @EnumSource
  void aPipeIsReadByItsInputStream(Caller caller) throws Exception {
    Path path = fifo();
    var holder = AsyncFile.open(path, READ, WRITE); // so that no open waits for the opposite end
    try (var pipe = AsyncFile.open(path, READ)) {
      holder.writeAll("all of it");
      holder.close();
      caller.run(
          () -> assertThat(pipe.inputStream().readAllBytes()).asString().isEqualTo("all of it"));
    }
  }

  /** Files in /proc/sys are pollable although they have positions. */
  @ParameterizedTest
  @EnumSource
  void readsProcFilesAtAPosition(Caller caller) throws Exception {
    Path path = Path.of("/proc/sys/kernel/ostype");
    String whole = Files.readString(path).strip();
    caller.run(() -> {
      try (var file = AsyncFile.open(path)) {
        ByteBuffer part = ByteBuffer.allocate(whole.length() - 1);
        assertThat(file.read(part, 1)).isEqualTo(part.capacity());
        assertThat(new String(part.array(), UTF_8)).isEqualTo(whole.substring(1));
        assertThat(file.position()).isZero();
        assertThat(file.readLine()).isEqualTo(whole);
      }
    });
  }

  @Test
  void aCancelledReadLosesNoBytes() throws Exception {
    Differences.assumeNone(Differences.ofPipes());
    try (var pipe = AsyncFile.open(fifo(), READ, WRITE)) {
      pipe.writeAll("half a li");
      GoAsync.goAsync(
              () -> {
                Task<String> reader = GoAsync.goAsync(() -> String.valueOf(pipe.readLine()));
                Waiting.forATurn(); // the reader has read the half line and waits for the rest
                reader.cancel("enough");
                assertThatThrownBy(reader::await).isInstanceOf(CancellationException.class);
              })
          .await();
      pipe.writeAll("ne\n");
      assertThat(pipe.readLine()).isEqualTo("half a line");
    }
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("try") // the test closes the file early
  void bufferedBytesAreNotReadAfterClose(Caller caller) throws Exception {
    Path path = file("one\ntwo\n");
    caller.run(() -> {
      try (var file = AsyncFile.open(path)) {
        assertThat(file.readLine()).isEqualTo("one");
        file.close();
        assertThatThrownBy(file::readLine).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::readAll).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1)))
            .isInstanceOf(ClosedChannelException.class);
      }
      try (var file = AsyncFile.open(path, APPEND)) {
        file.close();
        assertThatThrownBy(() -> file.position(0)).isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  @Test
  void closesInACancelledCoroutine() throws Exception {
    AsyncFile file = AsyncFile.open(file("x"));
    CountDownLatch begun = new CountDownLatch(1);
    Task<?> task =
        GoAsync.goAsync(() -> {
          try (file) {
            begun.countDown();
            GoAsync.sleep(Duration.ofDays(1));
          }
        });
    begun.await();
    task.cancel();
    assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    assertThat(file.isOpen()).isFalse();
  }
}
