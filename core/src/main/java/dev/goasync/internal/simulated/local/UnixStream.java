package dev.goasync.internal.simulated.local;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.Targets;
import dev.goasync.internal.simulated.resource.NotSimulated;
import dev.goasync.internal.simulated.resource.ResourceOwner;
import dev.goasync.internal.simulated.resource.SimulatedSocket;
import dev.goasync.internal.simulated.resource.SocketOptionValues;
import dev.goasync.internal.simulated.resource.WaitQueue;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A connected Unix socket of a simulated host. After a reset the bytes that have arrived can be
 * read, then reads throw; writes find a broken pipe.
 */
final class UnixStream extends SimulatedSocket implements StreamHandle {
  private final UnixEnd end;

  /** Whether the caller has shut its input down: reads end at once. */
  private boolean inputShut;

  /** Whether the caller has shut its output down: writes throw. */
  private boolean outputShut;

  UnixStream(ResourceOwner owner, UnixEnd end) {
    super(owner, SocketOptionValues.ofUnixStream());
    this.end = end;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (inputShut) {
      checkOpen();
      return -1;
    }
    Targets.requireWritable(target);
    Fiber fiber = begin();
    if (!target.hasRemaining()) {
      return 0;
    }
    while (!hasInput()) {
      await(fiber, end.received().readers(), "bytes from " + this);
    }
    int available = Math.min(end.received().size(), target.remaining());
    if (available == 0 || inputShut) {
      return endOfInput();
    }
    int count = owner().limitTransfer(available);
    end.received().take(target, count);
    owner().trace("reads bytes:", this, count);
    return count;
  }

  private boolean hasInput() {
    return end.received().size() > 0 || end.inputEnded() || end.isReset() || inputShut;
  }

  private int endOfInput() throws SocketException {
    if (end.isReset() && !inputShut) {
      throw IoErrors.ofSocket(Errno.ECONNRESET, this);
    }
    return -1;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return (int) write(new ByteBuffer[] {source}, 0, 1);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    if (outputShut) {
      checkOpen();
      throw new SocketException("the output was shut down: " + this);
    }
    Fiber fiber = begin();
    long offered = 0;
    for (int i = offset; i < offset + length; i++) {
      offered += sources[i].remaining();
    }
    if (offered == 0) {
      return 0;
    }
    ByteQueue target = end.peer().received();
    while (!hasRoom()) {
      await(fiber, target.writers(), "room at " + this);
    }
    if (end.outputEnded()) {
      throw IoErrors.ofSocket(Errno.EPIPE, this);
    }
    int count = owner().limitTransfer((int) Math.min(target.room(), offered));
    put(target, sources, offset, count);
    owner().trace("sends bytes:", this, count);
    return count;
  }

  private static void put(ByteQueue target, ByteBuffer[] sources, int offset, int count) {
    int left = count;
    for (int i = offset; left > 0; i++) {
      int moved = Math.min(left, sources[i].remaining());
      if (moved > 0) {
        target.put(sources[i], moved);
        left -= moved;
      }
    }
  }

  private boolean hasRoom() {
    return end.peer().received().room() > 0 || end.outputEnded();
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    checkOpen();
    return switch (direction) {
      case INPUT -> hasInput();
      case OUTPUT -> hasRoom();
      case HANG_UP -> end.inputEnded() && end.outputEnded();
    };
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    Fiber fiber = begin();
    boolean output = direction == Direction.OUTPUT;
    WaitQueue queue = output ? end.peer().received().writers() : end.received().readers();
    while (!isReady(direction)) {
      await(fiber, queue, (output ? "room at " : "bytes from ") + this, threadTimeoutNanos);
    }
  }

  @Override
  public void sendDescriptors(ByteBuffer source, List<?> handles) {
    throw NotSimulated.exception("descriptors that are passed");
  }

  @Override
  public int receiveDescriptors(ByteBuffer target, IntConsumer passed) {
    throw NotSimulated.exception("descriptors that are passed");
  }

  @Override
  public int available() throws IOException {
    checkOpen();
    return end.received().size();
  }

  @Override
  public void sendUrgent(byte value) {
    throw NotSimulated.exception("urgent data");
  }

  @Override
  public void shutdownInput() throws IOException {
    checkOpen();
    inputShut = true;
    end.endInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    checkOpen();
    outputShut = true;
    end.endOutput();
    end.received().readers().wakeAll(); // those that wait for the end of both directions
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    return end.local();
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    checkOpen();
    return end.remote();
  }

  @Override
  protected void released() {
    end.close(false);
    end.peer().received().writers().wakeAll(); // the writes of other callers
  }

  @Override
  protected Object name() {
    return end.remote();
  }
}
