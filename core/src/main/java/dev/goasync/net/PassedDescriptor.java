package dev.goasync.net;

import dev.goasync.internal.platform.OpenDescriptor;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file descriptor that was received through an {@link AsyncUnixSocket} ({@code SCM_RIGHTS}). Its
 * receiver turns it into a file or a socket, once, or closes it.
 *
 * <pre>{@code
 * List<PassedDescriptor> received = new ArrayList<>();
 * socket.receiveDescriptors(ByteBuffer.allocate(100), received);
 * try (PassedDescriptor passed = received.removeFirst();
 *     AsyncFile file = passed.open(AsyncFile::ofDescriptor)) {
 *   System.out.println(file.readAll());
 * }
 * }</pre>
 *
 * <p>The methods that open it throw {@link IllegalArgumentException} if it is of another kind; the
 * message names the kind. They throw {@link IllegalStateException} if it was opened or closed
 * before.
 *
 * <p><b>Threads.</b> Any thread or coroutine.
 */
public final class PassedDescriptor implements AutoCloseable {
  private final OpenDescriptor descriptor;
  private final AtomicBoolean used = new AtomicBoolean();

  PassedDescriptor(OpenDescriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Makes a channel of a descriptor's number, such as {@code AsyncFile::ofDescriptor}.
   *
   * @param <C> the type of the channel
   */
  @FunctionalInterface
  public interface Opener<C> {
    /** Takes ownership of the descriptor, unless it throws. */
    C open(int number) throws IOException;
  }

  /** The descriptor's number in this process, as long as it is open. */
  public int number() {
    return descriptor.number();
  }

  /**
   * Opens the descriptor as what {@code opener} makes of it: {@code AsyncFile::ofDescriptor} for a
   * file, a pipe or a device. If {@code opener} throws, this object still owns the descriptor.
   *
   * @throws IllegalStateException if the descriptor was opened or closed before
   */
  public <C> C open(Opener<C> opener) throws IOException {
    if (!used.compareAndSet(false, true)) {
      throw new IllegalStateException(descriptor + " was opened or closed before");
    }
    boolean opened = false;
    try {
      C channel = opener.open(descriptor.number());
      opened = true;
      return channel;
    } finally {
      if (!opened) {
        used.set(false);
      }
    }
  }

  /** Opens a TCP connection, as {@link AsyncSocket#ofDescriptor} does. */
  public AsyncSocket toSocket() throws IOException {
    return open(AsyncSocket::ofDescriptor);
  }

  /** Opens a connection between Unix sockets, as {@link AsyncUnixSocket#ofDescriptor} does. */
  public AsyncUnixSocket toUnixSocket() throws IOException {
    return open(AsyncUnixSocket::ofDescriptor);
  }

  /** Opens a listening TCP socket, as {@link AsyncServerSocket#ofDescriptor} does. */
  public AsyncServerSocket toServerSocket() throws IOException {
    return open(AsyncServerSocket::ofDescriptor);
  }

  /** Opens a listening Unix socket, as {@link AsyncUnixServerSocket#ofDescriptor} does. */
  public AsyncUnixServerSocket toUnixServerSocket() throws IOException {
    return open(AsyncUnixServerSocket::ofDescriptor);
  }

  /** Closes the descriptor unless it was opened. Closing again has no effect. */
  @Override
  public void close() throws IOException {
    if (used.compareAndSet(false, true)) {
      descriptor.close();
    }
  }

  @Override
  public String toString() {
    return "PassedDescriptor[" + descriptor.number() + (used.get() ? ", used]" : "]");
  }
}
