package dev.goasync.testkit;

import dev.goasync.sync.Channel;
import dev.goasync.sync.ChannelClosedException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;

/** Two channels in memory; each reads what is written to its peer. */
public final class MemoryPipe {
  private final Channel<byte[]> there;
  private final Channel<byte[]> back;
  private final int maxBytes;

  /**
   * A pipe.
   *
   * @param maxBytes how many bytes one operation moves
   * @param operations how many writes there is room for
   */
  public MemoryPipe(int maxBytes, int operations) {
    this.maxBytes = maxBytes;
    there = Channel.bounded(operations);
    back = Channel.bounded(operations);
  }

  /** One end. */
  public ByteChannel here() {
    return new End(back, there);
  }

  /** The peer channel. */
  public ByteChannel there() {
    return new End(there, back);
  }

  private final class End implements ByteChannel {
    private final Channel<byte[]> in;
    private final Channel<byte[]> out;
    private ByteBuffer left = ByteBuffer.allocate(0);
    private volatile boolean open = true;

    End(Channel<byte[]> in, Channel<byte[]> out) {
      this.in = in;
      this.out = out;
    }

    @Override
    public int read(ByteBuffer target) {
      try {
        if (!left.hasRemaining()) {
          left = ByteBuffer.wrap(in.receive());
        }
      } catch (ChannelClosedException end) {
        return -1;
      }
      int count = Math.min(left.remaining(), target.remaining());
      target.put(left.slice(left.position(), count));
      left.position(left.position() + count);
      return count;
    }

    @Override
    public int write(ByteBuffer source) throws ClosedChannelException {
      byte[] bytes = new byte[Math.min(source.remaining(), maxBytes)];
      source.get(source.position(), bytes);
      try {
        out.send(bytes);
      } catch (ChannelClosedException closed) {
        throw new ClosedChannelException();
      }
      source.position(source.position() + bytes.length);
      return bytes.length;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
      end(out);
      end(in);
    }

    private static void end(Channel<byte[]> direction) {
      try {
        direction.close();
      } catch (ChannelClosedException fromTheOtherEnd) {
        // its end is ours
      }
    }
  }
}
