package dev.goasync.internal.simulated.local;

import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.simulated.resource.ResourceOwner;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A pipe of a simulated host: its bytes, and how many ends of each kind are open. It also stands
 * for the terminal or file behind a standard stream of the host, which the test reads and writes.
 * Owned by the thread of the simulation.
 */
public final class Pipe {
  /** The default of Linux. */
  private static final int CAPACITY = 64 * 1024;

  private final ByteQueue bytes;
  private int sources;
  private int sinks;

  private Pipe(int capacity) {
    bytes = new ByteQueue(capacity);
  }

  /** Makes what is behind a standard stream of a host: both ends are open, and no write waits. */
  public static Pipe ofTest() {
    Pipe pipe = new Pipe(Integer.MAX_VALUE);
    pipe.addSource();
    pipe.addSink();
    return pipe;
  }

  /** Adds bytes of the test. */
  public void put(byte[] added) {
    if (added.length > 0) {
      bytes.put(ByteBuffer.wrap(added), added.length);
    }
  }

  /** The bytes that were written and not read. */
  public byte[] content() {
    return bytes.content();
  }

  /** Forgets the waits of a program that has crashed. */
  public void forgetWaits() {
    bytes.forgetWaits();
  }

  /** Opens this pipe as the standard input of a program. */
  public PipeHandle.Standard openInput(ResourceOwner owner, String name) {
    return new PipeSource(owner, this, name, false);
  }

  /** Opens this pipe as the standard output of a program. */
  public PipeHandle.Standard openOutput(ResourceOwner owner, String name) {
    return new PipeSink(owner, this, name, false);
  }

  ByteQueue bytes() {
    return bytes;
  }

  boolean hasSource() {
    return sources > 0;
  }

  boolean hasSink() {
    return sinks > 0;
  }

  /** One more end of this kind is open. */
  public void addSource() {
    sources++;
  }

  /** One more end of this kind is open. */
  public void addSink() {
    sinks++;
  }

  /** An end of this kind was closed; the last close is seen at the opposite ends. */
  public void removeSource() {
    if (--sources == 0) {
      bytes.clear();
    }
  }

  /** An end of this kind was closed; the last close is seen at the opposite ends. */
  public void removeSink() {
    if (--sinks == 0) {
      bytes.wakeAll();
    }
  }

  /** Opens a pipe with both ends. */
  public static PipeHandle.Ends open(ResourceOwner owner) throws IOException {
    owner.checkDescriptors(() -> IoErrors.ofFile(Errno.EMFILE, "pipe"));
    Pipe pipe = new Pipe(CAPACITY);
    PipeSource source = new PipeSource(owner, pipe, "source of a pipe", true);
    boolean opened = false;
    try {
      owner.checkDescriptors(() -> IoErrors.ofFile(Errno.EMFILE, "pipe"));
      opened = true;
    } finally {
      if (!opened) {
        source.close();
      }
    }
    return new PipeHandle.Ends(source, new PipeSink(owner, pipe, "sink of a pipe", true));
  }
}
