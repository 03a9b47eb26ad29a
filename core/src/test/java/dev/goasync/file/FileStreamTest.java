package dev.goasync.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import dev.goasync.io.ByteReader;
import dev.goasync.io.TooLongException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file as a stream: views, gathered and scattered bytes, buffered output, limits. */
@Conformance
final class FileStreamTest {
  @TempDir Path dir;

  private Path file(String content) throws Exception {
    return Files.writeString(dir.resolve("file"), content);
  }

  @ParameterizedTest
  @EnumSource
  void dataStreamsWorkOnTheStreamViews(Caller caller) throws Exception {
    Path path = file("");
    caller.run(() -> {
      try (var file = AsyncFile.open(path, READ, WRITE)) {
        var out = new DataOutputStream(file.outputStream());
        out.writeUTF("gr\u00fc\u00dfe");
        out.writeLong(42);
        file.position(0);
        var in = new DataInputStream(file.inputStream());
        assertThat(in.readUTF()).isEqualTo("gr\u00fc\u00dfe");
        assertThat(in.readLong()).isEqualTo(42);
        assertThat(in.read()).isEqualTo(-1);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void writesAndReadsSeveralBuffers(Caller caller) throws Exception {
    Path path = file("");
    caller.run(() -> {
      try (var file = AsyncFile.open(path, READ, WRITE)) {
        ByteBuffer[] sources = {
          ByteBuffer.wrap("head:".getBytes(UTF_8)),
          ByteBuffer.allocate(0),
          ByteBuffer.allocateDirect(4).put("body".getBytes(UTF_8)).flip()
        };
        long first = file.write(sources);
        assertThat(first).isPositive();
        long second = file.write(sources, 2, 1);
        file.writeAll(sources);
        assertThat(sources).noneMatch(ByteBuffer::hasRemaining);
        assertThat(first + second).isLessThanOrEqualTo(9);
        assertThat(path).hasContent("head:body");
        file.position(0);
        ByteBuffer[] targets = {ByteBuffer.allocate(5), ByteBuffer.allocateDirect(9)};
        assertThat(file.read(targets)).isEqualTo(9);
        assertThat(targets[0].array()).asString(UTF_8).isEqualTo("head:");
        assertThat(file.read(targets, 1, 1)).isEqualTo(-1);
        assertThat(file.read(targets, 0, 1)).as("no room").isZero();
        assertThatThrownBy(() -> file.read(targets, 1, 2))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void theWriterIsFlushedBeforeAReadOrCloseOfTheSameCaller(Caller caller) throws Exception {
    Path path = file("0123456789");
    caller.run(() -> {
      try (var file = AsyncFile.open(path, READ, WRITE)) {
        file.writer().writeAll("ab");
        assertThat(file.readAll()).isEqualTo("23456789");
        file.writer().writeAll("cd");
      }
      assertThat(path).hasContent("ab23456789cd");
    });
  }

  @ParameterizedTest
  @EnumSource
  void peeksAndLimits(Caller caller) throws Exception {
    Path path = file("first line\nkey:value;rest");
    caller.run(() -> {
      try (var file = AsyncFile.open(path)) {
        assertThat(file.peek(ByteBuffer.allocate(5))).isEqualTo(5);
        assertThat(file.readLine(10)).isEqualTo("first line");
        assertThatThrownBy(() -> file.readLine(5)).isInstanceOf(TooLongException.class);
        assertThat(file.readUntil((byte) ';', 9)).asString(UTF_8).isEqualTo("key:value");
        assertThat(file.readExactly(2)).asString(UTF_8).isEqualTo("re");
        assertThat(file.readAll()).isEqualTo("st");
        assertThat(file.peek(ByteBuffer.allocate(1))).isEqualTo(-1);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aSeparateReaderPeeksAndLimits(Caller caller) throws Exception {
    Path path = file("line\nkey:value;rest");
    caller.run(() -> {
      try (var file = AsyncFile.open(path)) {
        var reader = new ByteReader(file);
        assertThat(reader.peek(ByteBuffer.allocate(5))).isEqualTo(5);
        assertThatThrownBy(() -> reader.readLine(3)).isInstanceOf(TooLongException.class);
        assertThat(reader.readLine(4)).isEqualTo("line");
        assertThat(reader.readUntil((byte) ';', 9)).asString(UTF_8).isEqualTo("key:value");
        assertThat(reader.readAll()).isEqualTo("rest");
      }
    });
  }
}
