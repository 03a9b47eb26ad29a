package dev.goasync.internal.simulated.local;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.simulated.resource.NotSimulated;
import dev.goasync.internal.simulated.resource.ResourceOwner;
import dev.goasync.internal.simulated.resource.SimulatedResource;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;

/** The end of a simulated pipe that is written. */
final class PipeSink extends SimulatedResource implements PipeHandle.Standard {
  /** A write of so many bytes is atomic (PIPE_BUF). */
  private static final int ATOMIC = 4096;

  private final Pipe pipe;
  private final String name;
  private final boolean counts;

  /**
   * @param counts whether this is an end; false for the use of an end that the program has, such as
   *     a standard stream
   */
  PipeSink(ResourceOwner owner, Pipe pipe, String name, boolean counts) {
    super(owner, counts);
    this.pipe = pipe;
    this.name = name;
    this.counts = counts;
    if (counts) {
      pipe.addSink();
    }
  }

  Pipe pipe() {
    return pipe;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    checkOpen();
    throw new NonReadableChannelException();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    Fiber fiber = begin();
    int offered = source.remaining();
    if (offered == 0) {
      return 0;
    }
    Pipe.Output output = pipe.output();
    if (output != null) {
      return output.write(source);
    }
    awaitRoom(fiber, offered <= ATOMIC ? offered : 1);
    if (!pipe.hasSource()) {
      throw IoErrors.ofFile(Errno.EPIPE, name);
    }
    int room = Math.min(offered, pipe.bytes().room());
    int count = offered <= ATOMIC ? offered : owner().limitTransfer(room);
    pipe.bytes().put(source, count);
    owner().trace("writes bytes:", this, count);
    return count;
  }

  private void awaitRoom(Fiber fiber, int needed) throws IOException {
    while (pipe.bytes().room() < needed && pipe.hasSource()) {
      await(fiber, pipe.bytes().writers(), "room at " + this);
    }
  }

  @Override
  public int available() throws IOException {
    checkOpen();
    return pipe.bytes().size();
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    checkOpen();
    return direction == Direction.OUTPUT && (pipe.bytes().room() >= ATOMIC || !pipe.hasSource());
  }

  @Override
  public void awaitReady(Direction direction) throws IOException {
    awaitRoom(begin(), ATOMIC);
  }

  @Override
  public int descriptorNumber() throws IOException {
    checkOpen();
    throw NotSimulated.exception("descriptors");
  }

  @Override
  protected void released() {
    if (counts) {
      pipe.removeSink();
    }
    pipe.bytes().writers().wakeAll(); // the writes of other callers
  }

  @Override
  public String kind() {
    return "pipe";
  }

  @Override
  protected Object name() {
    return name;
  }
}
