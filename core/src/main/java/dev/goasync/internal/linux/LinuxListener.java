package dev.goasync.internal.linux;

import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;

/** A listening socket by its descriptor. */
final class LinuxListener implements ListenerHandle {
  private final Descriptor descriptor;
  private volatile boolean closing;

  LinuxListener(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  @Override
  public StreamHandle accept() throws IOException {
    Io io = Io.borrow();
    try {
      int fd;
      do {
        fd = io.accept(descriptor);
      } while (fd == -Errno.ECONNABORTED || fd == -Errno.EPROTO); // gone while it was queued
      if (fd < 0 && closing) {
        throw new AsynchronousCloseException();
      }
      if (fd < 0) {
        throw IoErrors.ofSocket(-fd, "accepting at " + descriptor);
      }
      Object peer = Sockets.peerName(io.calls(), fd);
      SocketAddress remote = peer instanceof SocketAddress known ? known : null;
      return new LinuxStream(new Descriptor(fd, peer), remote);
    } finally {
      io.giveBack();
    }
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    return Sockets.isReady(descriptor, direction);
  }

  @Override
  public void awaitReady(Direction direction, long threadLimitNanos) throws IOException {
    Sockets.awaitReady(descriptor, direction, threadLimitNanos);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return Sockets.localAddress(descriptor);
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    Sockets.setOption(descriptor, option, value);
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return Sockets.getOption(descriptor, option);
  }

  @Override
  public void close() throws IOException {
    endListening();
    Sockets.close(descriptor);
  }

  /** An accept under way keeps the socket until it has been taken back: clients could come in. */
  private void endListening() throws IOException {
    closing = true;
    try {
      var _ = Sockets.shutdown(descriptor, Linux.SHUT_RD); // fails if it never listened
    } catch (ClosedChannelException _) {
      // closed again
    }
  }
}
