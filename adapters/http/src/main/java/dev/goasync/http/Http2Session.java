package dev.goasync.http;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.SSLSessionInitializer;
import org.apache.hc.core5.reactor.ssl.SSLSessionVerifier;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The session that HttpCore's multiplexer of HTTP/2 reads from and writes to: two buffers, which
 * the coroutines of the connection fill and empty. Nothing here waits. Owned by the loop, so that
 * its lock is none.
 */
final class Http2Session implements ProtocolIOSession, GatheringByteChannel {
  /** Above this the session takes no further frame, and the connection reads no further input. */
  static final int MAX_OUTPUT_BYTES = 64 * 1024;

  private static final int SMALL_BYTES = 4 * 1024;
  private static final byte[] NO_BYTES = {};

  private final String id;
  private final Runnable whenOutput;
  private final Runnable whenClosed;
  private final Queue<Command> commands = new ArrayDeque<>(2);
  private ByteBuffer input = ByteBuffer.wrap(NO_BYTES);
  private boolean inputEnded;
  private byte[] output = NO_BYTES;
  private int outputCount;
  private boolean outputWanted;
  private boolean closed;

  /**
   * Creates a session.
   *
   * @param whenOutput called when the multiplexer wants to produce output
   * @param whenClosed called once, when the multiplexer has closed the session
   */
  Http2Session(String id, Runnable whenOutput, Runnable whenClosed) {
    this.id = id;
    this.whenOutput = whenOutput;
    this.whenClosed = whenClosed;
  }

  // ---- for the connection ----

  /** Gives the multiplexer bytes to read. */
  void offer(ByteBuffer bytes) {
    input = bytes;
  }

  /** Lets the multiplexer read the end of the input. */
  void endInput() {
    inputEnded = true;
  }

  boolean isOutputWanted() {
    return outputWanted;
  }

  int outputCount() {
    return outputCount;
  }

  /** Takes the array of the output; the session continues with {@code empty}. */
  byte[] takeOutput(byte[] empty) {
    byte[] taken = output;
    output = empty;
    outputCount = 0;
    return taken;
  }

  // ---- for the multiplexer ----

  @Override
  public int read(ByteBuffer target) {
    if (!input.hasRemaining()) {
      return inputEnded ? -1 : 0;
    }
    int count = Math.min(target.remaining(), input.remaining());
    target.put(target.position(), input, input.position(), count);
    target.position(target.position() + count);
    input.position(input.position() + count);
    return count;
  }

  @Override
  public int write(ByteBuffer source) {
    int count = Math.min(source.remaining(), Math.max(0, MAX_OUTPUT_BYTES - outputCount));
    if (count > 0) {
      makeRoom(count);
      source.get(output, outputCount, count);
      outputCount += count;
    }
    return count;
  }

  @Override
  public long write(ByteBuffer[] sources) {
    return write(sources, 0, sources.length);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    long count = 0;
    for (int i = offset; i < offset + length; i++) {
      count += write(sources[i]);
    }
    return count;
  }

  private void makeRoom(int count) {
    if (output.length - outputCount < count) {
      int wanted = Math.max(SMALL_BYTES, Math.max(2 * output.length, outputCount + count));
      byte[] larger = new byte[wanted];
      System.arraycopy(output, 0, larger, 0, outputCount);
      output = larger;
    }
  }

  @Override
  public void setEvent(int event) {
    if ((event & SelectionKey.OP_WRITE) != 0) {
      outputWanted = true;
      whenOutput.run();
    }
  }

  @Override
  public void clearEvent(int event) {
    if ((event & SelectionKey.OP_WRITE) != 0) {
      outputWanted = false;
    }
  }

  @Override
  public int getEventMask() {
    return SelectionKey.OP_READ | (outputWanted ? SelectionKey.OP_WRITE : 0);
  }

  @Override
  public void setEventMask(int mask) {
    if ((mask & SelectionKey.OP_WRITE) != 0) {
      setEvent(SelectionKey.OP_WRITE);
    } else {
      clearEvent(SelectionKey.OP_WRITE);
    }
  }

  @Override
  public void enqueue(Command command, Command.Priority priority) {
    commands.add(command);
    setEvent(SelectionKey.OP_WRITE);
  }

  /** Asks the multiplexer to end after the streams that are open. */
  void enqueueShutdown() {
    enqueue(ShutdownCommand.GRACEFUL, Command.Priority.NORMAL);
  }

  @Override
  public boolean hasCommands() {
    return !commands.isEmpty();
  }

  @Override
  public @Nullable Command poll() {
    return commands.poll();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      whenClosed.run();
    }
  }

  @Override
  public void close(CloseMode mode) {
    close();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public Status getStatus() {
    return closed ? Status.CLOSED : Status.ACTIVE;
  }

  @Override
  public Lock getLock() {
    return NoLock.INSTANCE;
  }

  @Override
  public String getId() {
    return id;
  }

  // ---- not used by the multiplexer ----

  @Override
  public @Nullable IOEventHandler getHandler() {
    return null;
  }

  @Override
  public void upgrade(IOEventHandler handler) {
    throw new UnsupportedOperationException("not used");
  }

  @Override
  public ByteChannel channel() {
    return this;
  }

  @Override
  public @Nullable SocketAddress getRemoteAddress() {
    return null;
  }

  @Override
  public @Nullable SocketAddress getLocalAddress() {
    return null;
  }

  @Override
  public Timeout getSocketTimeout() {
    return Timeout.DISABLED;
  }

  @Override
  public void setSocketTimeout(Timeout timeout) {}

  @Override
  public long getLastReadTime() {
    return 0;
  }

  @Override
  public long getLastWriteTime() {
    return 0;
  }

  @Override
  public long getLastEventTime() {
    return 0;
  }

  @Override
  public void updateReadTime() {}

  @Override
  public void updateWriteTime() {}

  @Override
  public @Nullable NamedEndpoint getInitialEndpoint() {
    return null;
  }

  @Override
  public void startTls(
      SSLContext context,
      NamedEndpoint endpoint,
      SSLBufferMode mode,
      SSLSessionInitializer initializer,
      SSLSessionVerifier verifier,
      Timeout timeout) {
    throw new UnsupportedOperationException("TLS is below this session");
  }

  @Override
  public @Nullable TlsDetails getTlsDetails() {
    return null;
  }

  /** The lock of state that one loop owns. */
  private enum NoLock implements Lock {
    INSTANCE;

    @Override
    public void lock() {}

    @Override
    public void lockInterruptibly() {}

    @Override
    public boolean tryLock() {
      return true;
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
      return true;
    }

    @Override
    public void unlock() {}

    @Override
    public Condition newCondition() {
      throw new UnsupportedOperationException("not used");
    }
  }
}
