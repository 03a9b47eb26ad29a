package dev.goasync.sync;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by an operation on a closed {@link Channel}: nothing can be sent, and all values have been
 * received. The {@linkplain #getCause cause} is the argument of {@link Channel#close(Throwable)},
 * if that method closed the channel.
 */
public final class ChannelClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  ChannelClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
