package dev.goasync.internal.simulated.local;

import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.simulated.resource.ResourceOwner;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A pipe of a simulated host: its bytes, and how many ends of each kind are open. It also stands
 * for the terminal or file behind a standard stream of the host, which the test reads and writes.
 * Owned by the thread of the simulation.
 */
public final class Pipe {
  /** What takes the bytes of a standard stream at once, such as a file. */
  @FunctionalInterface
  public interface Output {
    /** Writes some of the bytes; returns their count. */
    int write(ByteBuffer source) throws IOException;
  }

  /** The default of Linux. */
  private static final int CAPACITY = 64 * 1024;

  private final ByteQueue bytes;
  private final @Nullable Output output;
  private int sources;
  private int sinks;

  private Pipe(int capacity, @Nullable Output output) {
    this.bytes = new ByteQueue(capacity);
    this.output = output;
  }

  /** Makes a pipe without ends. */
  public static Pipe create() {
    return new Pipe(CAPACITY, null);
  }

  /** Makes what is behind a standard input that has this content. */
  public static Pipe ofContent(byte[] content) {
    Pipe pipe = new Pipe(Integer.MAX_VALUE, null);
    pipe.put(content);
    return pipe;
  }

  /** Makes what is behind a standard output that goes to {@code output}. */
  public static Pipe to(Output output) {
    Pipe pipe = new Pipe(CAPACITY, output);
    pipe.addSource();
    return pipe;
  }

  /** The pipe of an open end for reading; null if the handle is of another kind. */
  public static @Nullable Pipe ofSource(PipeHandle handle) {
    return handle instanceof PipeSource source ? source.pipe() : null;
  }

  /** The pipe of an open end for writing; null if the handle is of another kind. */
  public static @Nullable Pipe ofSink(PipeHandle handle) {
    return handle instanceof PipeSink sink ? sink.pipe() : null;
  }

  /** Opens the end for reading. */
  public PipeHandle openSource(ResourceOwner owner, String name) {
    return new PipeSource(owner, this, name, true);
  }

  /** Opens the end for writing. */
  public PipeHandle openSink(ResourceOwner owner, String name) {
    return new PipeSink(owner, this, name, true);
  }

  /** What takes the bytes at once; null if they wait for a reader. */
  @Nullable Output output() {
    return output;
  }

  /** Makes what is behind a standard stream of a host: both ends are open, and no write waits. */
  public static Pipe ofTest() {
    Pipe pipe = new Pipe(Integer.MAX_VALUE, null);
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

  /** Writes bytes as a program does that does not wait: what does not fit is lost. */
  public void putIfRoom(byte[] added) {
    Output target = output;
    if (target != null) {
      try {
        var _ = target.write(ByteBuffer.wrap(added));
      } catch (IOException notWritten) {
        // no caller is left to see it
      }
    } else if (hasSource() && added.length <= bytes.room()) {
      put(added);
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
    Pipe pipe = create();
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
