package dev.goasync.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.io.ByteStream;
import dev.goasync.system.AsyncPipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same script of pipes on the real and on the simulated backend. */
@Timeout(60)
final class PipeParityTest {
  private static final Duration SETTLED = Duration.ofMillis(50);

  @FunctionalInterface
  private interface Body {
    void run(AsyncPipe pipe, FileParity.Log log) throws Exception;
  }

  /** The scripts. */
  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  enum Script {
    ECHO((pipe, log) -> {
      log.add("write", () -> pipe.sink().write(bytes("h")));
      log.add("read", () -> read(pipe.source()));
      log.add("text", () -> pipe);
      log.add("text", () -> pipe.source() + " " + pipe.sink());
    }),
    END((pipe, log) -> {
      pipe.sink().writeAll("l");
      pipe.sink().close();
      log.add("read", () -> read(pipe.source()));
      log.add("again", () -> read(pipe.source()));
      log.add("and again", () -> read(pipe.source()));
      log.add("write to the closed", () -> pipe.sink().write(bytes("x")));
      log.add("text", () -> pipe);
    }),
    BROKEN((pipe, log) -> {
      pipe.sink().writeAll("l");
      pipe.source().close();
      log.add("write", () -> pipe.sink().write(bytes("x")));
      log.add("again", () -> pipe.sink().write(bytes("x")));
      log.add("empty write", () -> pipe.sink().write(bytes("")));
      log.add("read of the closed", () -> read(pipe.source()));
    }),
    WRONG_DIRECTION((pipe, log) -> {
      log.add("write", () -> pipe.source().write(bytes("x")));
      log.add("read", () -> read(pipe.sink()));
      log.add("read-only", () -> pipe.source().read(bytes("x").asReadOnlyBuffer()));
    }),
    CAPACITY((pipe, log) -> {
      ByteBuffer more = ByteBuffer.allocate(70_000);
      log.add(
          "writes",
          () ->
              GoAsync.withTimeout(
                  SETTLED,
                  () -> {
                    pipe.sink().writeAll(more);
                    return 1;
                  }));
      log.add("position", more::position);
    }),
    A_SMALL_WRITE_IS_ATOMIC((pipe, log) -> {
      pipe.sink().writeAll(ByteBuffer.allocate(65_536 - 100));
      ByteBuffer small = ByteBuffer.allocate(101);
      log.add("write", () -> GoAsync.withTimeout(SETTLED, () -> pipe.sink().write(small)));
      log.add("position", small::position);
      log.add("fits", () -> pipe.sink().write(ByteBuffer.allocate(100)));
    }),
    A_WRITER_WAITS((pipe, log) -> {
      byte[] sent = new byte[300_000];
      for (int i = 0; i < sent.length; i++) {
        sent[i] = (byte) ((i * 31) >> 3);
      }
      Task<?> writer =
          GoAsync.goAsync(() -> {
            try (var sink = pipe.sink()) {
              sink.writeAll(ByteBuffer.wrap(sent));
            }
          });
      byte[] got = pipe.source().readAllBytes();
      writer.await();
      log.add("same", () -> Arrays.equals(sent, got));
    }),
    SOURCE_CLOSED_DURING_A_WRITE((pipe, log) -> {
      Task<?> writer = GoAsync.goAsync(() -> log.add("write", () -> writeForEver(pipe.sink())));
      GoAsync.sleep(SETTLED);
      pipe.source().close();
      writer.await();
    }),
    CLOSE_DURING_A_WRITE((pipe, log) -> {
      Task<?> writer = GoAsync.goAsync(() -> log.add("write", () -> writeForEver(pipe.sink())));
      GoAsync.sleep(SETTLED);
      pipe.sink().close();
      writer.await();
    }),
    CLOSE_DURING_A_READ((pipe, log) -> {
      Task<?> reader = GoAsync.goAsync(() -> log.add("read", () -> read(pipe.source())));
      GoAsync.sleep(SETTLED);
      pipe.source().close();
      reader.await();
    }),
    SINK_CLOSED_DURING_A_READ((pipe, log) -> {
      Task<?> reader = GoAsync.goAsync(() -> log.add("read", () -> read(pipe.source())));
      GoAsync.sleep(SETTLED);
      pipe.sink().close();
      reader.await();
    }),
    CANCELLED_READ((pipe, log) -> {
      log.add("read", () -> GoAsync.withTimeout(SETTLED, () -> read(pipe.source())));
      log.add("write", () -> pipe.sink().write(bytes("l")));
      log.add("again", () -> read(pipe.source()));
    });

    private final Body body;

    Script(Body body) {
      this.body = body;
    }
  }

  private static Object writeForEver(ByteStream stream) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    while (true) {
      stream.writeAll(buffer.clear());
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String read(ByteStream stream) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(100);
    int count = stream.read(target);
    return count + " " + UTF_8.decode(target.flip());
  }

  @ParameterizedTest
  @EnumSource
  void pipesBehaveAsReal(Script script) throws Exception {
    FileParity.compare((_, log) -> {
      try (AsyncPipe pipe = AsyncPipe.open()) {
        script.body.run(pipe, log);
      }
    });
  }
}
