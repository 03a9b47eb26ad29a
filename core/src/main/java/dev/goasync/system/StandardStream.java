package dev.goasync.system;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.handle.HandleReadiness;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.io.ByteStream;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The standard input, output and error of this program: a terminal, a pipe, a file or a socket. In
 * a coroutine each operation suspends the coroutine; on any other thread it blocks the thread.
 *
 * <pre>{@code
 * try {
 *   String line =
 *       GoAsync.withTimeout(Duration.ofSeconds(3), () -> StandardStream.in().readLine());
 *   System.out.println("in time: " + line);
 * } catch (DeadlineExceededException expired) {
 *   System.out.println("too late");
 * }
 * }</pre>
 *
 * <p>The program shares these streams with other processes, so their state is not changed; in
 * particular they are not made non-blocking. Bytes that {@link #readLine} has buffered stay in the
 * one stream that {@link #in} always returns; in a simulation each program has its own. {@link
 * System#in} has a buffer of its own, so use one of the two. A terminal delivers whole lines,
 * unless it is in {@linkplain Terminal#raw raw mode}. The system stops a background program that
 * reads from its terminal, as usual.
 *
 * <p><b>Threads.</b> One reader of {@link #in} at a time; a second concurrent reader gets an {@link
 * IllegalStateException}. Several callers may write; their output may interleave.
 *
 * <p><b>Errors.</b> {@link IOException} and its subclasses, which name the stream, also if the
 * program was started without that stream. {@link java.nio.channels.ClosedChannelException} after
 * {@link #close}; {@link NonReadableChannelException} and {@link NonWritableChannelException} for
 * the wrong direction; {@link java.io.InterruptedIOException} if a plain thread is interrupted
 * while it waits.
 *
 * <p><b>Cancellation.</b> A cancelled operation loses no bytes, as with files.
 */
public final class StandardStream extends ByteStream {
  private static final int IN_NUMBER = 0;
  private static final int OUT_NUMBER = 1;
  private static final int ERR_NUMBER = 2;

  private static final Streams OF_PROCESS = Streams.create();

  private final LazyHandle lazy;

  /** The three streams of a program. */
  private record Streams(StandardStream in, StandardStream out, StandardStream err) {
    static Streams create() {
      return new Streams(
          of(IN_NUMBER, "standard input"),
          of(OUT_NUMBER, "standard output"),
          of(ERR_NUMBER, "standard error"));
    }

    /** Those of this process, or in a simulation of the caller's program. */
    static Streams ofCaller() {
      Backend own = Backends.ownOfCaller();
      Streams simulated = own == null ? null : own.ofProgram(Streams.class, Streams::create);
      return simulated != null ? simulated : OF_PROCESS;
    }
  }

  private StandardStream(LazyHandle lazy) {
    super(target -> lazy.forInput().read(target));
    this.lazy = lazy;
  }

  /**
   * @param number the descriptor, on backends that have descriptors
   */
  static StandardStream of(int number, String name) {
    return new StandardStream(new LazyHandle(number, name));
  }

  /** Returns the standard input of this program. */
  public static StandardStream in() {
    return Streams.ofCaller().in;
  }

  /**
   * Returns the standard output of this program. Bytes are written at once; they overtake bytes
   * that {@link System#out} still buffers.
   */
  public static StandardStream out() {
    return Streams.ofCaller().out;
  }

  /** Returns the standard error of this program. */
  public static StandardStream err() {
    return Streams.ofCaller().err;
  }

  /** The handle of the stream, which the first use opens with the selected backend. */
  private static final class LazyHandle implements Pollable {
    final int number;
    final String name;
    private volatile PipeHandle.@Nullable Standard handle;

    LazyHandle(int number, String name) {
      this.number = number;
      this.name = name;
    }

    PipeHandle.Standard handle() throws IOException {
      PipeHandle.Standard opened = handle;
      return opened != null ? opened : open();
    }

    private synchronized PipeHandle.Standard open() throws IOException {
      PipeHandle.Standard opened = handle;
      if (opened == null) {
        if (!Backends.isCallerSimulated()) {
          checkPresent();
        }
        opened = Backends.platform().standardStream(number, name);
        handle = opened;
      }
      return opened;
    }

    /** If the program was started without the stream, the JVM's first file has its number. */
    private void checkPresent() throws IOException {
      Path links = Path.of("/proc/self/fd");
      Path link = links.resolve(Integer.toString(number));
      boolean missing =
          Files.isDirectory(links)
              && (!Files.isSymbolicLink(link)
                  || Files.readSymbolicLink(link).startsWith(System.getProperty("java.home")));
      if (missing) {
        throw new IOException(name + " is closed: the program was started without it");
      }
    }

    PipeHandle.Standard forInput() throws IOException {
      if (number == OUT_NUMBER || number == ERR_NUMBER) {
        throw new NonReadableChannelException();
      }
      return handle();
    }

    PipeHandle.Standard forOutput() throws IOException {
      if (number == IN_NUMBER) {
        throw new NonWritableChannelException();
      }
      return handle();
    }

    @Override
    public boolean isReady(Direction direction) throws IOException {
      return handle().isReady(direction);
    }

    @Override
    public void awaitReady(Direction direction) throws IOException {
      handle().awaitReady(direction);
    }
  }

  /** Waits for room, writes as many bytes as fit, and returns their number. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    checkOpen();
    return lazy.forOutput().write(source);
  }

  /** Returns the readiness for a read: buffered or new bytes, or the end of the stream. */
  public Readiness readable() {
    return new HandleReadiness(
        "bytes from " + lazy.name, lazy, Pollable.Direction.INPUT, () -> buffered() > 0);
  }

  /** Returns the readiness for a write. */
  public Readiness writable() {
    return new HandleReadiness("room at " + lazy.name, lazy, Pollable.Direction.OUTPUT);
  }

  private void checkOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  /**
   * Ends this program's use of the stream. Operations in progress throw {@link
   * java.nio.channels.AsynchronousCloseException}. The descriptor stays open, since other processes
   * and {@link System#out} share it. A second call does nothing.
   */
  @Override
  public void close() throws IOException {
    super.close();
  }

  @Override
  protected void closeHandle() throws IOException {
    PipeHandle.Standard opened = lazy.handle;
    if (opened != null) {
      opened.close();
    }
  }

  @Override
  public String toString() {
    return "StandardStream[" + lazy.name + (isOpen() ? "]" : ", closed]");
  }
}
