package dev.goasync.system;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs read standard input of each kind that a shell can provide. */
@Timeout(120)
final class InheritedStreamsTest {
  @TempDir Path dir;

  static final class Reader {
    public static void main(String[] arguments) {
      goAsync(
              () -> {
                try {
                  for (String line; (line = StandardStream.in().readLine()) != null; ) {
                    StandardStream.out().writeAll("line " + line + "\n");
                  }
                  StandardStream.out().writeAll("end\n");
                } catch (IOException failed) {
                  System.out.println(failed.getMessage());
                }
              })
          .await();
    }
  }

  private static String run(String backend, String shell) throws Exception {
    return ChildJvm.runBy(shell, Reader.class, "-Dgoasync.backend=" + backend)
        .assertSuccess()
        .out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"uring", "epoll", "nio"})
  void programsReadTheirStandardInput(String backend) throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "one\ntwo\nthree");
    assertThat(run(backend, "{ read first; exec \"$@\"; } <" + file))
        .as("a file, of which a line was read")
        .isEqualTo("line two\nline three\nend\n");
    assertThat(run(backend, "exec \"$@\" </dev/null")).isEqualTo("end\n");
    assertThat(run(backend, "echo one | { \"$@\"; } | cat")).isEqualTo("line one\nend\n");
    assertThat(run(backend, "exec \"$@\" <&-"))
        .isEqualTo("standard input is closed: the program was started without it\n");
  }
}
