package dev.goasync.system;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.handle.HandleReadiness;
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
 * The streams that this program was started with, be they a terminal, a pipe, a file or a socket.
 * In a coroutine each operation pauses the coroutine; on any other thread it blocks the thread.
 *
 * <pre>{@code
 * try {
 *   String line = withTimeout(Duration.ofSeconds(3), () -> StandardStream.in().readLine());
 *   System.out.println("so fast: " + line);
 * } catch (DeadlineExceededException tooLate) {
 *   System.out.println("too late");
 * }
 * }</pre>
 *
 * <p>Other programs share them, so their state is left alone: nothing is made non-blocking. What
 * was read ahead by {@link #readLine} stays in the one stream that {@link #in} always returns;
 * {@link System#in} reads beside it, so use one of the two. A terminal gives whole lines, unless it
 * is in {@linkplain Terminal#raw raw mode}. A program in the background that reads from its
 * terminal is stopped by the system, as ever.
 *
 * <p><b>Threads.</b> One reader of {@link #in} at a time; a second one that comes meanwhile gets an
 * {@link IllegalStateException}. Several may write; what they write may mix.
 *
 * <p><b>Errors.</b> {@link IOException} and its subclasses, which name the stream, also if the
 * program was started without it. {@link java.nio.channels.ClosedChannelException} after {@link
 * #close}; {@link NonReadableChannelException} and {@link NonWritableChannelException} for the
 * wrong direction; {@link java.io.InterruptedIOException} if a plain thread is interrupted while it
 * waits.
 *
 * <p><b>Cancellation.</b> As with files: nothing is lost.
 */
public final class StandardStream extends ByteStream {
  private static final int IN_NUMBER = 0;
  private static final int OUT_NUMBER = 1;
  private static final int ERR_NUMBER = 2;

  private static final StandardStream IN = of(IN_NUMBER, "standard input");
  private static final StandardStream OUT = of(OUT_NUMBER, "standard output");
  private static final StandardStream ERR = of(ERR_NUMBER, "standard error");

  private final Opening opening;
  private volatile boolean open = true;

  private StandardStream(Opening opening) {
    super(target -> opening.forInput().read(target));
    this.opening = opening;
  }

  /**
   * @param number of a descriptor, where these are known
   */
  static StandardStream of(int number, String name) {
    return new StandardStream(new Opening(number, name));
  }

  /** Standard input. */
  public static StandardStream in() {
    return IN;
  }

  /** Standard output; what is written here goes out at once, past what {@link System#out} keeps. */
  public static StandardStream out() {
    return OUT;
  }

  /** Standard error. */
  public static StandardStream err() {
    return ERR;
  }

  /** Opened when first used, with the backend of who uses it. */
  private static final class Opening implements Pollable {
    final int number;
    final String name;
    private volatile PipeHandle.@Nullable Standard handle;

    Opening(int number, String name) {
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
        checkPresent();
        opened = Backends.platform().standardStream(number, name);
        handle = opened;
      }
      return opened;
    }

    /** If the program was started without it, the JVM's first file has got its number. */
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

  /** Waits for room and hands over what fits; returns the count. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    checkOpen();
    return opening.forOutput().write(source);
  }

  /** Whether a read would not wait: bytes are there, read ahead or not, or the end. */
  public Readiness readable() {
    return new HandleReadiness(
        "bytes from " + opening.name, opening, Pollable.Direction.INPUT, () -> buffered() > 0);
  }

  /** Whether a write would not wait. */
  public Readiness writable() {
    return new HandleReadiness("room at " + opening.name, opening, Pollable.Direction.OUTPUT);
  }

  private void checkOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /**
   * Ends this program's use of it, for good; operations under way end with {@link
   * java.nio.channels.AsynchronousCloseException}. The stream itself stays open, as others share
   * it. Closing again does nothing.
   */
  @Override
  public void close() throws IOException {
    try {
      flushBeforeClose();
    } finally {
      open = false;
      PipeHandle.Standard opened = opening.handle;
      if (opened != null) {
        opened.close();
      }
    }
  }

  @Override
  public String toString() {
    return "StandardStream[" + opening.name + (open ? "]" : ", closed]");
  }
}
