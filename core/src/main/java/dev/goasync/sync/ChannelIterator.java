package dev.goasync.sync;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Receives the values of a channel one by one. Used by one caller. */
final class ChannelIterator<T> implements Iterator<T> {
  private final Channel<T> channel;

  /** What {@link #hasNext} has received: a value or a {@link Channel.Closed}. */
  private @Nullable Object fetched;

  ChannelIterator(Channel<T> channel) {
    this.channel = channel;
  }

  @Override
  public boolean hasNext() {
    Object received = fetched;
    if (received == null) {
      received = channel.receiveOrClosed();
      fetched = received;
    }
    if (received instanceof Channel.Closed end) {
      if (end.cause() != null) {
        throw channel.closedException(end);
      }
      return false;
    }
    return true;
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException(channel + " is closed and drained");
    }
    Object value = Objects.requireNonNull(fetched);
    fetched = null;
    return channel.asValue(value);
  }
}
