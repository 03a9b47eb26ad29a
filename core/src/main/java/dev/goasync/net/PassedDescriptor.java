package dev.goasync.net;

import dev.goasync.file.AsyncFile;
import dev.goasync.internal.platform.OpenDescriptor;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A descriptor that came through an {@link AsyncUnixSocket}, and belongs to nobody yet: it is taken
 * over, once, as what it is, or closed.
 *
 * <pre>{@code
 * try (PassedDescriptor passed = received.removeFirst();
 *     AsyncFile file = passed.toFile()) {
 *   System.out.println(file.readAll());
 * }
 * }</pre>
 *
 * <p>Those that take over throw {@link IllegalArgumentException} if it is of another kind, with
 * what it is, and {@link IllegalStateException} if it was taken over or closed before. Any thread.
 */
public final class PassedDescriptor implements AutoCloseable {
  private final OpenDescriptor descriptor;
  private final AtomicBoolean gone = new AtomicBoolean();

  PassedDescriptor(OpenDescriptor descriptor) {
    this.descriptor = descriptor;
  }

  private interface Taking<C> {
    C take(int number) throws IOException;
  }

  private <C> C take(Taking<C> taking) throws IOException {
    if (!gone.compareAndSet(false, true)) {
      throw new IllegalStateException(descriptor + " has been taken over or closed");
    }
    boolean taken = false;
    try {
      C channel = taking.take(descriptor.number());
      taken = true;
      return channel;
    } finally {
      if (!taken) {
        gone.set(false);
      }
    }
  }

  /** The number that it has in this process, as long as it is open. */
  public int number() {
    return descriptor.number();
  }

  /** Takes over a file, a pipe or a device, as {@link AsyncFile#ofDescriptor} does. */
  public AsyncFile toFile() throws IOException {
    return take(AsyncFile::ofDescriptor);
  }

  /** Takes over a TCP connection, as {@link AsyncSocket#ofDescriptor} does. */
  public AsyncSocket toSocket() throws IOException {
    return take(AsyncSocket::ofDescriptor);
  }

  /** Takes over a connection, as {@link AsyncUnixSocket#ofDescriptor} does. */
  public AsyncUnixSocket toUnixSocket() throws IOException {
    return take(AsyncUnixSocket::ofDescriptor);
  }

  /** Takes over a listening socket, as {@link AsyncServerSocket#ofDescriptor} does. */
  public AsyncServerSocket toServerSocket() throws IOException {
    return take(AsyncServerSocket::ofDescriptor);
  }

  /** Takes over a listening socket, as {@link AsyncUnixServerSocket#ofDescriptor} does. */
  public AsyncUnixServerSocket toUnixServerSocket() throws IOException {
    return take(AsyncUnixServerSocket::ofDescriptor);
  }

  /** Closes it if nobody has taken it over. Closing again does nothing. */
  @Override
  public void close() throws IOException {
    if (gone.compareAndSet(false, true)) {
      descriptor.close();
    }
  }

  @Override
  public String toString() {
    return "PassedDescriptor[" + descriptor.number() + (gone.get() ? ", gone]" : "]");
  }
}
