package dev.goasync.sync;

import org.jspecify.annotations.Nullable;

/**
 * The channel was closed: nothing can be sent, and all that was sent has been received. The
 * {@linkplain #getCause cause} is the one that {@link Channel#close(Throwable)} was given, if any.
 */
public final class ChannelClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  ChannelClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
