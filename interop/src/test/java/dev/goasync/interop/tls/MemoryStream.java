package dev.goasync.interop.tls;

import dev.goasync.io.ByteStream;
import dev.goasync.sync.Channel;
import dev.goasync.sync.ChannelClosedException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** One end of a connection in memory. */
final class MemoryStream extends ByteStream {
  /** Takes what the peer sends, in the pieces in which it was sent. */
  private static final class Incoming {
    private final Channel<byte[]> channel;
    private ByteBuffer left = ByteBuffer.allocate(0);

    Incoming(Channel<byte[]> channel) {
      this.channel = channel;
    }

    int read(ByteBuffer target) {
      if (!left.hasRemaining()) {
        try {
          left = ByteBuffer.wrap(channel.receive());
        } catch (ChannelClosedException end) {
          return -1;
        }
      }
      int count = Math.min(left.remaining(), target.remaining());
      target.put(left.slice(left.position(), count));
      left.position(left.position() + count);
      return count;
    }
  }

  /** The two ends of a connection. */
  record Pair(MemoryStream here, MemoryStream there) {}

  private final Channel<byte[]> in;
  private final Channel<byte[]> out;

  private MemoryStream(Channel<byte[]> in, Channel<byte[]> out) {
    super(new Incoming(in)::read);
    this.in = in;
    this.out = out;
  }

  /** Makes a connection whose home is the loop of the calling coroutine. */
  static Pair pair() {
    Channel<byte[]> there = Channel.bounded(16);
    Channel<byte[]> back = Channel.bounded(16);
    return new Pair(new MemoryStream(back, there), new MemoryStream(there, back));
  }

  @Override
  public int write(ByteBuffer source) throws ClosedChannelException {
    byte[] bytes = new byte[source.remaining()];
    source.get(source.position(), bytes);
    try {
      out.send(bytes);
    } catch (ChannelClosedException closed) {
      throw new ClosedChannelException();
    }
    source.position(source.limit());
    return bytes.length;
  }

  @Override
  protected void closeHandle() {
    end(out);
    end(in);
  }

  private static void end(Channel<byte[]> direction) {
    try {
      direction.close();
    } catch (ChannelClosedException fromTheOtherEnd) {
      // its close has ended both directions
    }
  }
}
