package dev.goasync.sync;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A receive, or a send if there is a value to send. Stands in the channel's queue as a waiter. */
final class ChannelClause<T> extends Clause {
  private final Channel<T> channel;
  private final @Nullable T value;
  private final Consumer<? super T> action;
  private final @Nullable Runnable whenClosed;
  private final Place place;

  /** The waiter whose end is the case's. */
  private final class Place extends Waiter {
    Place() {
      super(channel);
    }

    @Override
    void resume() {
      Selection waiting = selection;
      if (waiting != null) {
        waiting.happened(ChannelClause.this);
      }
    }
  }

  ChannelClause(
      Channel<T> channel,
      @Nullable T value,
      Consumer<? super T> action,
      @Nullable Runnable whenClosed) {
    this.channel = channel;
    this.value = value;
    this.action = action;
    this.whenClosed = whenClosed;
    this.place = new Place();
    Channel.prepareCase(place, value);
  }

  Channel<T> channel() {
    return channel;
  }

  /** Has {@code other} ask for what this case does. */
  void prepare(Waiter other) {
    Channel.prepareCase(other, value);
  }

  /** Another that was prepared so has this answer. */
  void writerToFlush(Object answer) {
    place.answer = answer;
  }

  @Override
  boolean isReady() {
    return channel.isReady(place);
  }

  @Override
  boolean happen() {
    place.prepareAgain();
    return channel.tryBegin(place);
  }

  @Override
  void enter(Selection entered) {
    selection = entered;
    place.prepareAgain();
    channel.enqueue(place);
  }

  @Override
  void leave() {
    selection = null;
    if (place.queue != null) {
      place.queue.remove(place);
    }
  }

  @Override
  void act() {
    Object answer = Objects.requireNonNull(place.answer);
    place.answer = null;
    ChannelClosedException closed = channel.closedBy(answer);
    if (closed == null) {
      action.accept(value != null ? value : channel.asValue(answer));
    } else if (whenClosed != null) {
      whenClosed.run();
    } else {
      throw closed;
    }
  }

  @Override
  String describe() {
    return channel.describe(place);
  }
}
