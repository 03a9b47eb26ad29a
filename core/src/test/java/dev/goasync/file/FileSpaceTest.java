package dev.goasync.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Space reservation, access advice, lines, and JDK readers over a file. */
@Conformance
final class FileSpaceTest {
  @TempDir Path dir;

  private Path file(String content) throws Exception {
    return Files.writeString(dir.resolve("file"), content);
  }

  @ParameterizedTest
  @EnumSource
  void reservesSpace(Caller caller) throws Exception {
    Path path = file("content");
    caller.run(() -> {
      try (var file = AsyncFile.open(path, READ, WRITE);
          var reader = AsyncFile.open(path)) {
        file.allocate(0, 3);
        assertThat(file.size()).isEqualTo(7);
        file.allocate(5, 200_000);
        assertThat(file.size()).isEqualTo(200_005);
        assertThat(file.readExactly(8)).containsExactly('c', 'o', 'n', 't', 'e', 'n', 't', 0);
        assertThatThrownBy(() -> file.allocate(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.allocate(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.allocate(Long.MAX_VALUE, 1))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> reader.allocate(0, 1))
            .isInstanceOf(NonWritableChannelException.class);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void acceptsAllAdvice(Caller caller) throws Exception {
    Path path = file("content");
    caller.run(() -> {
      AsyncFile file = AsyncFile.open(path);
      for (Advice advice : Advice.values()) {
        file.advise(advice, 0, 0);
        file.advise(advice, 2, 100);
      }
      assertThat(file.readAll()).isEqualTo("content");
      assertThatThrownBy(() -> file.advise(Advice.NORMAL, -1, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.advise(Advice.NORMAL, 0, -1))
          .isInstanceOf(IllegalArgumentException.class);
      file.close();
      assertThatThrownBy(() -> file.advise(Advice.NORMAL, 0, 0))
          .isInstanceOf(ClosedChannelException.class);
    });
  }

  @ParameterizedTest
  @EnumSource
  void returnsItsLines(Caller caller) throws Exception {
    Path path = file("one\ntwo\n\nlast");
    caller.run(() -> {
      try (var file = AsyncFile.open(path)) {
        assertThat(file.readLine()).isEqualTo("one");
        assertThat(file.lines().limit(1)).containsExactly("two");
        assertThat(file.readAll()).endsWith("last");
        assertThat(file.position(4).lines()).containsExactly("two", "", "last");
        assertThat(file.lines()).isEmpty();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void jdkReadersAndStreamsWork(Caller caller) throws Exception {
    Path path = file("gr\u00fc\u00dfe\n");
    caller.run(() -> {
      try (var file = AsyncFile.open(path, READ, WRITE)) {
        var text = new BufferedReader(Channels.newReader(file, ISO_8859_1));
        assertThat(text.readLine()).isEqualTo("gr\u00c3\u00bc\u00c3\u009fe");
        file.truncate(0);
        var out = new DataOutputStream(new BufferedOutputStream(file.outputStream()));
        for (int i = 0; i < 10_000; i++) {
          out.writeInt(i);
        }
        out.flush();
        file.position(0);
        var in = new DataInputStream(new BufferedInputStream(file.inputStream()));
        for (int i = 0; i < 10_000; i++) {
          assertThat(in.readInt()).isEqualTo(i);
        }
        assertThat(in.read()).isEqualTo(-1);
      }
    });
  }
}
