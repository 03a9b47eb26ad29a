package dev.goasync.internal.simulated.local;

import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.simulated.resource.ResourceOwner;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;

/**
 * A pipe of a simulated host: its bytes, and how many ends of each kind are open. Owned by the
 * thread of the simulation.
 */
public final class Pipe {
  /** The default of Linux. */
  private static final int CAPACITY = 64 * 1024;

  private final ByteQueue bytes = new ByteQueue(CAPACITY);
  private int sources;
  private int sinks;

  ByteQueue bytes() {
    return bytes;
  }

  boolean hasSource() {
    return sources > 0;
  }

  boolean hasSink() {
    return sinks > 0;
  }

  void addSource() {
    sources++;
  }

  void addSink() {
    sinks++;
  }

  void removeSource() {
    if (--sources == 0) {
      bytes.clear();
    }
  }

  void removeSink() {
    if (--sinks == 0) {
      bytes.wakeAll();
    }
  }

  /** Opens a pipe with both ends. */
  public static PipeHandle.Ends open(ResourceOwner owner) throws IOException {
    owner.checkDescriptors(() -> IoErrors.ofFile(Errno.EMFILE, "pipe"));
    Pipe pipe = new Pipe();
    PipeSource source = new PipeSource(owner, pipe, "source of a pipe");
    boolean opened = false;
    try {
      owner.checkDescriptors(() -> IoErrors.ofFile(Errno.EMFILE, "pipe"));
      opened = true;
    } finally {
      if (!opened) {
        source.close();
      }
    }
    return new PipeHandle.Ends(source, new PipeSink(owner, pipe, "sink of a pipe"));
  }
}
