package dev.goasync.system;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.withTimeout;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.internal.sys.TerminalCalls;
import dev.goasync.io.Readiness;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.Fifo;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Standard streams of every file type: of this process by other numbers, and of a program. */
@Conformance
final class StandardStreamTest {
  @TempDir Path dir;

  /** A blocking descriptor, as a program inherits it from a shell, by system calls of the test. */
  private static final class Shared implements AutoCloseable {
    final int fd;
    private final SystemCalls calls = new SystemCalls();

    Shared(String path) {
      this(path, Linux.O_RDWR);
    }

    Shared(String path, int flags) {
      try (Arena arena = Arena.ofConfined()) {
        fd = calls.openat(Memory.address(Memory.cString(arena, path.getBytes(UTF_8))), flags, 0);
      }
      assertThat(fd).as(path).isPositive();
    }

    /** An event counter, which has no name by which it could be opened again. */
    Shared() {
      fd = calls.eventfd();
    }

    synchronized void signal() {
      assertThat(calls.signalEvent(fd)).isEqualTo(Long.BYTES);
    }

    synchronized boolean isBlocking() {
      return (calls.getFlags(fd) & Linux.O_NONBLOCK) == 0;
    }

    synchronized String otherEnd() {
      return "/dev/pts/" + TerminalCalls.unlockPts(calls, fd);
    }

    synchronized void setModeAgain() {
      byte[] mode = new byte[TerminalCalls.MODE_BYTES];
      assertThat(TerminalCalls.getMode(calls, fd, mode)).isZero();
      assertThat(TerminalCalls.setMode(calls, fd, mode)).isZero();
    }

    synchronized void write(String text) {
      ByteBuffer bytes = Memory.allocate(text.length());
      bytes.put(text.getBytes(UTF_8));
      assertThat(calls.write(fd, Memory.address(bytes), text.length(), Linux.AT_POSITION))
          .isEqualTo(text.length());
    }

    @Override
    public synchronized void close() {
      assertThat(calls.close(fd)).isZero();
    }
  }

  private interface Use {
    void of(StandardStream stream, Shared shared) throws Exception;
  }

  private static void with(Caller caller, Shared shared, Use use) throws Exception {
    try (shared) {
      caller.run(() -> {
        try (StandardStream stream = StandardStream.of(shared.fd, "the test's stream")) {
          use.of(stream, shared);
        }
      });
      assertThat(shared.isBlocking()).as("blocking mode is unchanged").isTrue();
    }
  }

  private void withPipe(Caller caller, Use use) throws Exception {
    Differences.assumeNone(Differences.ofDescriptors());
    with(caller, new Shared(Fifo.make(dir.resolve("fifo")).toString()), use);
  }

  @ParameterizedTest
  @EnumSource
  void readsAndWritesAPipe(Caller caller) throws Exception {
    withPipe(
        caller,
        (stream, shared) -> {
          assertThat(stream.readable().isReady()).isFalse();
          assertThat(stream.writable().isReady()).isTrue();
          Task<?> writer = caller.beside(() -> shared.write("one\ntwo\n"));
          stream.readable().await();
          assertThat(stream.readLine()).isEqualTo("one");
          assertThat(stream.readable().isReady()).as("bytes are buffered").isTrue();
          writer.await();
          assertThat(stream.readLine()).isEqualTo("two");
          assertThat(stream.write(ByteBuffer.wrap("three\n".getBytes(UTF_8)))).isEqualTo(6);
          assertThat(stream.readLine()).isEqualTo("three");
          byte[] much = new byte[300_000];
          Task<?> reader =
              caller.beside(() -> assertThat(stream.readExactly(much.length)).isEqualTo(much));
          stream.writeAll(much);
          reader.await();
          stream.writable().await();
        });
  }

  @Test
  void cancelOrInterruptLosesNoBytes() throws Exception {
    withPipe(
        Caller.COROUTINE,
        (stream, shared) -> {
          for (int i = 0; i < 3; i++) {
            Task<@Nullable String> waiting = goAsync(() -> stream.readLine());
            Waiting.forATurn();
            shared.write("half ");
            if (i == 1) {
              Waiting.forATurn();
            }
            waiting.cancel();
            assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
          }
          assertThatThrownBy(() -> withTimeout(Duration.ofMillis(1), () -> stream.readLine()))
              .isInstanceOf(DeadlineExceededException.class);
          shared.write("line\n");
          assertThat(stream.readLine()).isEqualTo("half half half line");
          GoAsync.offload(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(stream::readLine).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
          });
          shared.write("x\n");
          assertThat(stream.readLine()).isEqualTo("x");
        });
  }

  @Test
  void closeEndsTheReadAndKeepsTheDescriptorOpen() throws Exception {
    withPipe(
        Caller.COROUTINE,
        (stream, shared) -> {
          Task<@Nullable String> waiting = goAsync(() -> stream.readLine());
          Waiting.forATurn();
          stream.close();
          stream.close();
          assertThatThrownBy(() -> Caller.finish(waiting))
              .isInstanceOf(AsynchronousCloseException.class);
          assertThatThrownBy(stream::readLine).isInstanceOf(ClosedChannelException.class);
          assertThatThrownBy(() -> stream.writeAll("x")).isInstanceOf(ClosedChannelException.class);
          assertThat(stream.isOpen()).isFalse();
          shared.write("still open");
        });
  }

  @ParameterizedTest
  @EnumSource
  void readsLinesFromATerminalAndWritesToIt(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofDescriptors());
    try (Shared human =
        new Shared(
            "/dev/ptmx",
            Linux.O_RDWR | 0x100)) { // O_NOCTTY: does not become the controlling terminal
      with(
          caller,
          new Shared(human.otherEnd(), Linux.O_RDWR | 0x100),
          (stream, shared) -> {
            human.write("half");
            assertThat(stream.readable().isReady()).as("half a line").isFalse();
            Task<?> typist = caller.beside(() -> human.write(" a line\n"));
            assertThat(stream.readLine()).isEqualTo("half a line");
            typist.await();
            Task<@Nullable String> waiting = goAsync(() -> stream.readLine());
            if (caller == Caller.COROUTINE) {
              Waiting.forATurn();
            }
            waiting.cancel();
            Caller.settle(waiting);
            human.write("next\n");
            assertThat(stream.readLine()).isEqualTo("next");
            stream.writeAll("to the screen\n");
            human.write("\u0004"); // Ctrl-D
            assertThat(stream.readLine()).isNull();
            human.write("and more\n");
            assertThat(stream.readLine()).isEqualTo("and more");
          });
    }
  }

  /** As a shell does it when it resumes the program after Ctrl-Z. */
  @Test
  void modeOfATerminalIsSetDuringARead() throws Exception {
    Differences.assumeNone(Differences.ofDescriptors());
    try (Shared human = new Shared("/dev/ptmx", Linux.O_RDWR | 0x100)) {
      with(
          Caller.COROUTINE,
          new Shared(human.otherEnd(), Linux.O_RDWR | 0x100),
          (stream, shared) -> {
            Task<?> reader = goAsync(() -> assertThat(stream.readLine()).isEqualTo("line"));
            Waiting.forATurn();
            for (int i = 0; i < 3; i++) {
              shared.setModeAgain();
              GoAsync.offload(() -> {}); // so the loop waits in the kernel
            }
            human.write("line\n");
            Caller.finish(reader);
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void fileIsReadFromTheSharedPosition(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofDescriptors());
    Path file = Files.writeString(dir.resolve("file"), "one\ntwo\n");
    with(
        caller,
        new Shared(file.toString()),
        (stream, shared) -> {
          shared.write("ONE\n");
          assertThat(stream.readLine()).isEqualTo("two");
          assertThat(stream.readLine()).isNull();
          Readiness more = stream.readable();
          more.await();
          assertThat(more.isReady()).isTrue();
          stream.writeAll("three\n");
        });
    assertThat(file).hasContent("ONE\ntwo\nthree\n");
  }

  @ParameterizedTest
  @EnumSource
  void fileThatCannotBeReopenedIsPolledBeforeEachTransfer(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofDescriptors());
    with(
        caller,
        new Shared(),
        (stream, shared) -> {
          stream.writeAll(new byte[Long.BYTES]);
          for (int i = 0; i < 2; i++) {
            Task<?> signaller = caller.beside(shared::signal);
            assertThat(stream.readExactly(Long.BYTES)).contains(1);
            signaller.await();
          }
          assertThat(stream.readable().isReady()).isFalse();
        });
  }

  @ParameterizedTest
  @EnumSource
  void nullDeviceIsEmptyAndTakesEverything(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofDescriptors());
    with(
        caller,
        new Shared("/dev/null"),
        (stream, shared) -> {
          stream.readable().await();
          assertThat(stream.readLine()).isNull();
          stream.writeAll(new byte[100_000]);
        });
  }

  @Test
  void wrongDirectionIsRefused() throws Exception {
    assertThatThrownBy(() -> StandardStream.in().writeAll("x"))
        .isInstanceOf(NonWritableChannelException.class);
    assertThatThrownBy(() -> StandardStream.out().readLine())
        .isInstanceOf(NonReadableChannelException.class);
    assertThatThrownBy(() -> StandardStream.err().readLine())
        .isInstanceOf(NonReadableChannelException.class);
    assertThat(StandardStream.in()).hasToString("StandardStream[standard input]");
  }

  // ---- the standard streams of a program ----

  static final class ReadsWithTimeouts {
    public static void main(String[] arguments) throws Exception {
      Path pipe = Path.of(System.getProperty("pipe"));
      readWithin(Duration.ofMillis(1));
      Files.writeString(pipe, "hello\nagain\nand ");
      readWithin(Duration.ofDays(1));
      Task<?> task = goAsync(() -> readWithin(Duration.ofDays(1)));
      Caller.finish(task);
      Task<?> late = goAsync(() -> readWithin(Duration.ofMillis(1)));
      Caller.finish(late);
      goAsync(() -> StandardStream.in().readable().await()).cancel();
      Files.writeString(pipe, "again\n");
      StandardStream.in().readable().await();
      readWithin(Duration.ofDays(1));
      StandardStream.out().writable().await();
      goAsync(() -> StandardStream.out().writeAll("written " + GoAsync.inCoroutine() + "\n"))
          .await();
      StandardStream.err().writeAll("error\n");
      StandardStream.in().close();
    }

    private static void readWithin(Duration timeout) throws IOException {
      try {
        String line = withTimeout(timeout, () -> StandardStream.in().readLine());
        System.out.println("in time: " + line);
      } catch (DeadlineExceededException expired) {
        System.out.println("too late");
      }
    }
  }

  @Test
  void programReadsItsInputWithATimeout() throws Exception {
    Path pipe = Fifo.make(dir.resolve("stdin"));
    ChildJvm.Ended ended =
        ChildJvm.runBy("exec \"$@\" <>" + pipe, ReadsWithTimeouts.class, "-Dpipe=" + pipe);
    assertThat(ended.assertSuccess().out().lines())
        .containsExactly(
            "too late",
            "in time: hello",
            "in time: again",
            "too late",
            "in time: and again",
            "written true");
    assertThat(ended.err().lines()).endsWith("error");
  }
}
