package dev.goasync.testing;

import static dev.goasync.GoAsync.awaitAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testing.StreamContract.Ends;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that keep the contract pass; each kind of broken stream fails. */
@Timeout(120)
@ExtendWith(NoLeaks.class)
final class StreamContractTest {
  private static Ends memory(int capacity) {
    MemoryStream.Pair pair = MemoryStream.pair(capacity);
    return new Ends(pair.first(), pair.second());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100, 1_000_000})
  void memoryStreamsKeepTheContract(int capacity) throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> StreamContract.check(() -> memory(capacity)));
    }
  }

  @Test
  void aMemoryStreamBetweenLoopsAndThreadsLosesNoByte() throws Exception {
    try (EventLoop home = EventLoop.start("home");
        EventLoop other = EventLoop.start("other")) {
      MemoryStream.Pair pair = home.goAsync(() -> MemoryStream.pair(5)).await();
      byte[] sent = new byte[5000];
      new Random(1).nextBytes(sent);
      Task<?> writer =
          other.goAsync(() -> {
            pair.first().writeAll(sent);
            pair.first().shutdownOutput();
          });
      Task<?> echo =
          home.goAsync(() -> {
            pair.second().writeAll(pair.second().readAllBytes());
            pair.second().close();
          });
      assertThat(pair.first().readAllBytes()).isEqualTo(sent);
      awaitAll(writer, echo);
    }
  }

  @Test
  void socketsKeepTheContract() {
    StreamContract.check(() -> {
      try (AsyncServerSocket server = AsyncServerSocket.listen(0)) {
        AsyncSocket client = AsyncSocket.connect(server.localAddress());
        return new Ends(client, server.accept());
      }
    });
  }

  enum Flaw {
    LOSES_A_BYTE("bytes arrive in order"),
    READS_NOTHING("bytes arrive in order"),
    ENDS_ONCE("end of stream after a close"),
    STAYS_OPEN("operations on a closed end"),
    WRITE_LEAVES_THE_POSITION("bytes arrive in order"),
    IGNORES_CLOSED_PEER("a write to a closed peer fails");

    private final String check;

    Flaw(String check) {
      this.check = check;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBrokenStreamFails(Flaw flaw) throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() ->
          assertThatThrownBy(() ->
                  StreamContract.check(() -> {
                    Ends ends = memory(1000);
                    return new Ends(
                        new Broken(ends.first(), flaw), new Broken(ends.second(), flaw));
                  }))
              .isInstanceOf(AssertionError.class)
              .hasMessageStartingWith(flaw.check));
    }
  }

  private static final class Broken implements ByteChannel {
    private final ByteChannel channel;
    private final Flaw flaw;
    private int reads;
    private boolean ended;

    Broken(ByteChannel channel, Flaw flaw) {
      this.channel = channel;
      this.flaw = flaw;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (flaw == Flaw.READS_NOTHING && reads++ == 3) {
        return 0;
      }
      if (flaw == Flaw.LOSES_A_BYTE && reads++ == 3) {
        channel.read(ByteBuffer.allocate(1));
      }
      int count = channel.read(target);
      if (flaw == Flaw.ENDS_ONCE && count < 0 && ended) {
        return 0;
      }
      ended |= count < 0;
      return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      if (flaw == Flaw.WRITE_LEAVES_THE_POSITION) {
        return channel.write(source.duplicate());
      }
      try {
        return channel.write(source);
      } catch (IOException closed) {
        if (flaw == Flaw.IGNORES_CLOSED_PEER && channel.isOpen()) {
          int count = source.remaining();
          source.position(source.limit());
          return count;
        }
        throw closed;
      }
    }

    @Override
    public boolean isOpen() {
      return flaw == Flaw.STAYS_OPEN || channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
