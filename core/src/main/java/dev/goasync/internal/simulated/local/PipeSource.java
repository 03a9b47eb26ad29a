package dev.goasync.internal.simulated.local;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.Targets;
import dev.goasync.internal.simulated.resource.NotSimulated;
import dev.goasync.internal.simulated.resource.ResourceOwner;
import dev.goasync.internal.simulated.resource.SimulatedResource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;

/** The end of a simulated pipe that is read. */
final class PipeSource extends SimulatedResource implements PipeHandle.Standard {
  private final Pipe pipe;
  private final String name;
  private final boolean counts;

  /**
   * @param counts whether this is an end; false for the use of an end that the program has, such as
   *     a standard stream
   */
  PipeSource(ResourceOwner owner, Pipe pipe, String name, boolean counts) {
    super(owner, counts);
    this.pipe = pipe;
    this.name = name;
    this.counts = counts;
    if (counts) {
      pipe.addSource();
    }
  }

  Pipe pipe() {
    return pipe;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    Targets.requireWritable(target);
    Fiber fiber = begin();
    if (!target.hasRemaining()) {
      return 0;
    }
    awaitBytes(fiber);
    int available = Math.min(pipe.bytes().size(), target.remaining());
    if (available == 0) {
      return -1;
    }
    int count = owner().limitTransfer(available);
    pipe.bytes().take(target, count);
    owner().trace("reads bytes:", this, count);
    return count;
  }

  private void awaitBytes(Fiber fiber) throws IOException {
    while (pipe.bytes().size() == 0 && pipe.hasSink()) {
      await(fiber, pipe.bytes().readers(), "bytes from " + this);
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    checkOpen();
    throw new NonWritableChannelException();
  }

  @Override
  public int available() throws IOException {
    checkOpen();
    return pipe.bytes().size();
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    checkOpen();
    return direction == Direction.INPUT && (pipe.bytes().size() > 0 || !pipe.hasSink());
  }

  @Override
  public void awaitReady(Direction direction) throws IOException {
    awaitBytes(begin());
  }

  @Override
  public int descriptorNumber() throws IOException {
    checkOpen();
    throw NotSimulated.exception("descriptors");
  }

  @Override
  protected void released() {
    if (counts) {
      pipe.removeSource();
    }
    pipe.bytes().readers().wakeAll(); // the reads of other callers
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
