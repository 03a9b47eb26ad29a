package dev.goasync.system;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@SuppressWarnings("NullAway") // bodies without results
@Timeout(60)
@Conformance
final class AsyncPipeTest {
  private static final int MORE_THAN_A_PIPE_HOLDS = 1 << 20;

  private static byte[] randomBytes() {
    byte[] bytes = new byte[MORE_THAN_A_PIPE_HOLDS];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @Test
  void bytesPassFromTheSinkToTheSource() throws Exception {
    try (AsyncPipe pipe = AsyncPipe.open()) {
      pipe.sink().writeAll("from a thread\n");
      assertThat(pipe.source().readLine()).isEqualTo("from a thread");
      String line =
          goAsync(
                  () -> {
                    pipe.sink().writeAll("from a coroutine\n");
                    return pipe.source().readLine();
                  })
              .await();
      assertThat(line).isEqualTo("from a coroutine");
    }
  }

  @Test
  void aFullPipeMakesTheWriterWait() throws Exception {
    byte[] bytes = randomBytes();
    try (AsyncPipe pipe = AsyncPipe.open()) {
      Task<?> writer =
          goAsync(() -> {
            try (var sink = pipe.sink()) {
              sink.writeAll(ByteBuffer.wrap(bytes));
            }
          });
      Task<byte[]> reader = goAsync(() -> pipe.source().readAllBytes());
      assertThat(reader.await()).isEqualTo(bytes);
      writer.await();
    }
  }

  @Test
  void threadsAndLoopsUseItToo() throws Exception {
    byte[] bytes = randomBytes();
    try (AsyncPipe pipe = AsyncPipe.open();
        EventLoop other = EventLoop.start("other")) {
      Thread.ofPlatform()
          .start(() -> {
            try (var sink = pipe.sink()) {
              sink.writeAll(ByteBuffer.wrap(bytes));
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      byte[] first = other.goAsync(() -> pipe.source().readExactly(100_000)).await();
      byte[] rest = pipe.source().readAllBytes();
      assertThat(first.length + rest.length).isEqualTo(bytes.length);
      assertThat(ByteBuffer.wrap(bytes, 0, 100_000)).isEqualTo(ByteBuffer.wrap(first));
    }
  }

  @Test
  void aCancelledReadTakesNothingAndLeavesThePipeOpen() throws Exception {
    try (AsyncPipe pipe = AsyncPipe.open()) {
      Task<String> reader = goAsync(() -> pipe.source().readLine());
      goAsync(() -> GoAsync.yield()).await();
      reader.cancel();
      assertThatThrownBy(reader::await).isInstanceOf(CancellationException.class);
      pipe.sink().writeAll("line\n");
      assertThat(pipe.source().readLine()).isEqualTo("line");
    }
  }

  @Test
  void closingAnEndIsSeenAtBothEnds() throws Exception {
    AsyncPipe pipe = AsyncPipe.open();
    Task<String> reader = goAsync(() -> pipe.source().readLine());
    goAsync(() -> GoAsync.yield()).await();
    pipe.source().close();
    assertThatThrownBy(reader::await).hasRootCauseInstanceOf(AsynchronousCloseException.class);
    assertThatThrownBy(() -> pipe.sink().writeAll("lost")).isInstanceOf(IOException.class);
    pipe.close();
    pipe.close();
    assertThatThrownBy(() -> pipe.sink().writeAll("closed"))
        .isInstanceOf(ClosedChannelException.class);
    assertThat(pipe).hasToString("AsyncPipe[source closed, sink closed]");
  }

  @Test
  void eachEndHasOneDirection() throws Exception {
    try (AsyncPipe pipe = AsyncPipe.open()) {
      assertThatThrownBy(() -> pipe.source().write(ByteBuffer.allocate(1)))
          .isInstanceOf(NonWritableChannelException.class);
      assertThatThrownBy(() -> pipe.sink().read(ByteBuffer.allocate(1)))
          .isInstanceOf(NonReadableChannelException.class);
    }
  }

  @Test
  void theNumbersOfTheDescriptorsAreThoseOfTheKernel() throws Exception {
    try (AsyncPipe pipe = AsyncPipe.open()) {
      if (GoAsync.describe().contains("backend: nio")) {
        assertThatThrownBy(pipe::sourceDescriptor)
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining("nio backend");
        return;
      }
      var source = java.nio.file.Path.of("/proc/self/fd/" + pipe.sourceDescriptor());
      var sink = java.nio.file.Path.of("/proc/self/fd/" + pipe.sinkDescriptor());
      assertThat(java.nio.file.Files.readSymbolicLink(source))
          .isEqualTo(java.nio.file.Files.readSymbolicLink(sink));
      pipe.source().close();
      assertThatThrownBy(pipe::sourceDescriptor).isInstanceOf(ClosedChannelException.class);
    }
  }
}
