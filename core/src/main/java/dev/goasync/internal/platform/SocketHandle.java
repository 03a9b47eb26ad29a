package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;

/** What sockets have in common. After {@link #close} methods throw ClosedChannelException. */
public interface SocketHandle extends Closeable {
  /** Urgent bytes come among the others, in their place, instead of being dropped. */
  SocketOption<Boolean> URGENT_INLINE =
      new SocketOption<>() {
        @Override
        public String name() {
          return "SO_OOBINLINE";
        }

        @Override
        public Class<Boolean> type() {
          return Boolean.class;
        }

        @Override
        public String toString() {
          return name();
        }
      };

  /** Our end's address. */
  SocketAddress localAddress() throws IOException;

  /** Sets a socket option; UnsupportedOperationException if this kind of socket has none such. */
  <T> void setOption(SocketOption<T> option, T value) throws IOException;

  /**
   * A socket option's value; UnsupportedOperationException if this kind of socket has none such.
   */
  <T> T getOption(SocketOption<T> option) throws IOException;

  /**
   * Closes; operations under way elsewhere end with AsynchronousCloseException. Not cancellable.
   */
  @Override
  void close() throws IOException;
}
