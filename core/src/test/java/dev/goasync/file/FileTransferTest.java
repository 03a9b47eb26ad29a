package dev.goasync.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Descriptors;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testkit.Waiting;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code transferTo} and {@code transferFrom} with files, sockets and other channels. */
@Conformance
final class FileTransferTest {
  private static final byte[] CONTENT = new byte[9_000_001]; // more than one system call copies

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @TempDir Path dir;
  private Path source = Path.of("");
  private long openBefore;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.write(dir.resolve("source"), CONTENT);
    openBefore = Descriptors.count(dir.toString());
  }

  @AfterEach
  void noDescriptorIsLeftOpen() throws IOException {
    assertThat(Descriptors.count(dir.toString())).isEqualTo(openBefore);
  }

  @ParameterizedTest
  @EnumSource
  void copiesToAFileAtItsPosition(Caller caller) throws Exception {
    Path target = Files.writeString(dir.resolve("target"), "head\nand more");
    caller.run(() -> {
      List<Long> seen = new ArrayList<>();
      try (var from = AsyncFile.open(source);
          var to = AsyncFile.open(target, READ, WRITE)) {
        assertThat(to.readLine()).isEqualTo("head"); // fills the read buffer
        assertThat(from.transferTo(1, Long.MAX_VALUE, to, seen::add)).isEqualTo(CONTENT.length - 1);
        assertThat(to.position()).isEqualTo(5 + CONTENT.length - 1);
        assertThat(from.position()).isZero();
        assertThat(from.transferTo(CONTENT.length, 5, to)).isZero();
        assertThat(from.transferTo(CONTENT.length + 9L, 5, to)).isZero();
        assertThat(from.transferTo(0, 0, to)).isZero();
      }
      byte[] whole = Files.readAllBytes(target);
      assertThat(Arrays.mismatch(whole, 5, whole.length, CONTENT, 1, CONTENT.length)).isNegative();
      assertThat(seen).isSorted().endsWith((long) CONTENT.length - 1).hasSizeGreaterThan(1);
    });
  }

  @ParameterizedTest
  @EnumSource
  void copiesWhereTheKernelCannot(Caller caller) throws Exception {
    Path target = Files.writeString(dir.resolve("target"), "head");
    Path self = Files.writeString(dir.resolve("self"), "0123456789");
    caller.run(() -> {
      try (var from = AsyncFile.open(source);
          var appending = AsyncFile.open(target, APPEND)) {
        assertThat(from.transferTo(0, 100_000, appending)).isEqualTo(100_000);
      }
      assertThat(Files.size(target)).isEqualTo(100_004);
      try (var overlapping = AsyncFile.open(self, READ, WRITE)) {
        overlapping.position(2);
        assertThat(overlapping.transferTo(0, 8, overlapping)).isEqualTo(8);
      }
      assertThat(self).hasContent("0101234567");
      try (var proc = AsyncFile.open(Path.of("/proc/sys/kernel/ostype"));
          var to = AsyncFile.open(target, WRITE)) {
        assertThat(proc.transferTo(0, 3, to)).isEqualTo(3);
      }
      assertThat(Files.readString(target, ISO_8859_1)).startsWith("Lind");
    });
  }

  @ParameterizedTest
  @EnumSource
  void aTransferEndsWhereTheFileEndedAtTheCall(Caller caller) throws Exception {
    Path growing = Files.writeString(dir.resolve("growing"), "0123456789");
    caller.run(() -> {
      try (var from = AsyncFile.open(growing);
          var to = AsyncFile.open(growing, APPEND)) {
        assertThat(from.transferTo(0, Long.MAX_VALUE, to)).isEqualTo(10);
        assertThat(from.transferTo(Long.MAX_VALUE, 1, to)).isZero();
        assertThat(from.transferTo(21, 1, to)).isZero();
      }
    });
    assertThat(growing).hasContent("01234567890123456789");
  }

  @ParameterizedTest
  @EnumSource
  void sendsToASocket(Caller caller) throws Exception {
    try (var server = AsyncServerSocket.listen(0)) {
      Task<?> reader =
          caller.beside(() -> {
            try (AsyncSocket there = server.accept()) {
              assertThat(there.readAllBytes()).isEqualTo(CONTENT);
            }
          });
      caller.run(() -> {
        try (var from = AsyncFile.open(source);
            var here = AsyncSocket.connect(server.localAddress())) {
          assertThat(from.transferTo(0, CONTENT.length, here)).isEqualTo(CONTENT.length);
        }
      });
      Caller.finish(reader);
    }
  }

  @ParameterizedTest
  @EnumSource
  void copiesToAndFromAnyChannel(Caller caller) throws Exception {
    Path target = dir.resolve("target");
    Path jdks = dir.resolve("jdks");
    caller.run(() -> {
      var bytes = new ByteArrayOutputStream();
      try (var from = AsyncFile.open(source);
          var to = AsyncFile.open(target, CREATE, READ, WRITE);
          var channel = FileChannel.open(jdks, CREATE, READ, WRITE)) {
        assertThat(from.transferTo(3, 200_000, Channels.newChannel(bytes))).isEqualTo(200_000);
        var memory = Channels.newChannel(new ByteArrayInputStream(bytes.toByteArray()));
        assertThat(to.transferFrom(memory, 7, Long.MAX_VALUE)).isEqualTo(200_000);
        assertThat(to.position()).isZero();
        assertThat(to.size()).isEqualTo(200_007);
        assertThat(from.transferTo(3, 200_000, channel)).isEqualTo(200_000);
        assertThat(to.transferFrom(channel.position(0), 0, 9)).isEqualTo(9);
      }
      assertThat(bytes.toByteArray()).isEqualTo(Arrays.copyOfRange(CONTENT, 3, 200_003));
      assertThat(jdks).hasBinaryContent(bytes.toByteArray());
      assertThat(Arrays.copyOf(Files.readAllBytes(target), 9))
          .isEqualTo(Arrays.copyOf(bytes.toByteArray(), 9));
    });
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("NullAway") // null is the wrong input
  void rejectsInvalidArguments(Caller caller) throws Exception {
    caller.run(() -> {
      try (var from = AsyncFile.open(source);
          var to = AsyncFile.open(dir.resolve("target"), CREATE, WRITE)) {
        assertThatThrownBy(() -> from.transferTo(-1, 1, to))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> from.transferTo(0, -1, to))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> from.transferTo(0, 1, null))
            .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> from.transferTo(0, 1, to, null))
            .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> to.transferFrom(null, 0, 1))
            .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> to.transferFrom(from, -1, 1))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> from.transferTo(0, 1, from))
            .isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> to.transferTo(0, 1, to))
            .isInstanceOf(NonReadableChannelException.class);
        assertThat(to.size()).isZero();
      }
    });
  }

  /** The peer does not read, so the transfer waits; it is cancelled and resumed later. */
  @Test
  void aCancelledTransferReturnsTheCopiedCount() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (var server = AsyncServerSocket.listen(0);
          var from = AsyncFile.open(source);
          var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        here.setOption(StandardSocketOptions.SO_SNDBUF, 64 * 1024);
        there.setOption(StandardSocketOptions.SO_RCVBUF, 64 * 1024);
        long[] seen = {0};
        Task<Long> transfer =
            GoAsync.goAsync(() -> from.transferTo(0, CONTENT.length, here, all -> seen[0] = all));
        for (long before = -1; before != seen[0] || here.writable().isReady(); ) {
          before = seen[0];
          Waiting.forATurn();
        }
        transfer.cancel("by the test");
        long moved = moved(transfer, seen[0]);
        Task<?> rest =
            GoAsync.goAsync(() -> {
              from.transferTo(moved, CONTENT.length, here);
              here.shutdownOutput();
            });
        assertThat(there.readAllBytes()).isEqualTo(CONTENT);
        Caller.finish(rest);
      }
    });
  }

  /** The source cancels the coroutine while it is being read. */
  @Test
  void bytesReadFromTheSourceAreWrittenDespiteACancel() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (var to = AsyncFile.open(dir.resolve("target"), CREATE, READ, WRITE)) {
        Task<?>[] self = new Task<?>[1];
        ReadableByteChannel once = cancelling(self);
        Task<Long> transfer = GoAsync.goAsync(() -> to.transferFrom(once, 0, 100));
        self[0] = transfer;
        assertThat(transfer.await()).isEqualTo(5);
        assertThat(to.readAll()).isEqualTo("bytes");
      }
    });
  }

  private static ReadableByteChannel cancelling(Task<?>[] reader) {
    var bytes = new ByteArrayInputStream("bytes".getBytes(ISO_8859_1));
    return Channels.newChannel(
        new FilterInputStream(bytes) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            reader[0].cancel("by the test");
            return super.read(target, offset, length);
          }
        });
  }

  private static long moved(Task<Long> transfer, long seen) {
    try {
      return transfer.await();
    } catch (CancellationException nothingAtAll) {
      assertThat(seen).isZero();
      return 0;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailedWriteNamesTheFileAndTheReason(Caller caller) throws Exception {
    caller.run(() -> {
      try (var full = AsyncFile.open(Path.of("/dev/full"), WRITE)) {
        assertThatThrownBy(() -> full.writeAll("text"))
            .hasMessageContaining("/dev/full")
            .hasMessageContaining("No space left on device");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aShrinkingFileEndsTheTransfer(Caller caller) throws Exception {
    Path target = dir.resolve("target");
    caller.run(() -> {
      try (var from = AsyncFile.open(source, READ, WRITE);
          var to = AsyncFile.open(target, CREATE, WRITE)) {
        long size = from.size();
        from.truncate(1000);
        assertThat(from.transferTo(0, size, to)).isEqualTo(1000);
        assertThat(from.read(ByteBuffer.allocate(10), 999)).isEqualTo(1);
        assertThatThrownBy(() -> from.readExactly(1001)).isInstanceOf(java.io.EOFException.class);
        assertThat(from.readAllBytes()).hasSize(1000);
      }
    });
  }
}
