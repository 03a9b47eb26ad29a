package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;

/** A socket of any kind. After {@link #close} methods throw ClosedChannelException. */
public interface SocketHandle extends Closeable {
  /** The option that delivers urgent bytes in the normal stream instead of dropping them. */
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

  /** The local address. */
  SocketAddress localAddress() throws IOException;

  /** Sets a socket option; throws UnsupportedOperationException if the socket does not have it. */
  <T> void setOption(SocketOption<T> option, T value) throws IOException;

  /**
   * Returns an option's value; throws UnsupportedOperationException if the socket does not have it.
   */
  <T> T getOption(SocketOption<T> option) throws IOException;

  /**
   * Closes; operations that other callers have under way throw AsynchronousCloseException. Not
   * cancellable.
   */
  @Override
  void close() throws IOException;
}
