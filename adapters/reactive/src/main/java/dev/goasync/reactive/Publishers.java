package dev.goasync.reactive;

import dev.goasync.EventLoop;
import dev.goasync.sync.Channel;
import dev.goasync.sync.ChannelClosedException;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Connects reactive streams with coroutines and channels, with back-pressure in both directions.
 *
 * <pre>{@code
 * Flow.Publisher<String> lines = Publishers.of(loop, emitter -> {
 *   for (String line; (line = socket.readLine()) != null; ) {
 *     emitter.emit(line); // waits until the subscriber requests a value
 *   }
 * });
 *
 * try (Subscribed<String> values = Publishers.subscribe(lines, 16)) {
 *   for (String line : values) { // waits until the publisher has a value
 *     System.out.println(line);
 *   }
 * }
 * }</pre>
 *
 * <p>{@code org.reactivestreams.FlowAdapters} and {@code JdkFlowAdapter} of Reactor convert these
 * publishers to those of {@code org.reactivestreams}.
 */
public final class Publishers {
  private Publishers() {}

  /**
   * Returns a publisher that runs {@code body} for each subscriber, in a coroutine of its own. The
   * coroutine calls the subscriber's methods. A cancel of the subscription cancels the coroutine,
   * and a cancel of the coroutine, such as by a close of its loop, fails the subscription.
   */
  public static <T> Flow.Publisher<T> of(EventLoop loop, PublisherBody<T> body) {
    Objects.requireNonNull(loop, "loop");
    Objects.requireNonNull(body, "body");
    return subscriber ->
        new Publication<>(Objects.requireNonNull(subscriber, "subscriber"), body).start(loop);
  }

  /**
   * Returns a publisher of the values of a channel until the channel is closed and drained; the
   * cause of the close fails the subscription. A value is received only when a subscriber has
   * requested it, so a cancel loses none; a close that comes meanwhile is signalled after the next
   * request. With several subscribers each value goes to one of them.
   *
   * @param loop the loop of the coroutines that receive, best the channel's home loop
   */
  public static <T> Flow.Publisher<T> of(EventLoop loop, Channel<T> channel) {
    Objects.requireNonNull(channel, "channel");
    return of(loop, emitter -> emitAll(channel, emitter));
  }

  private static <T> void emitAll(Channel<T> channel, Emitter<T> emitter) throws Exception {
    while (true) {
      boolean hasEnded = channel.isClosed() && channel.statistics().buffered() == 0;
      if (!hasEnded) {
        emitter.awaitRequest();
      }
      T value;
      try {
        value = channel.receive();
      } catch (ChannelClosedException end) {
        switch (end.getCause()) {
          case null -> {
            return;
          }
          case Exception failure -> throw failure;
          case Error failure -> throw failure;
          default -> throw end;
        }
      }
      emitter.emit(value);
    }
  }

  /**
   * Subscribes to a publisher and returns its values for iteration. Close it, which cancels the
   * subscription.
   *
   * @param maxBuffered how many values may be requested and not yet taken
   * @throws IllegalArgumentException if {@code maxBuffered} is not positive
   */
  public static <T> Subscribed<T> subscribe(
      Flow.Publisher<? extends T> publisher, int maxBuffered) {
    Subscribed<T> subscribed = new Subscribed<>(maxBuffered);
    publisher.subscribe(subscribed.subscriber());
    return subscribed;
  }

  /**
   * Subscribes to a publisher and returns a channel that gets its values from a coroutine of {@code
   * loop}, with a buffer of {@code capacity}. The end of the publisher closes the channel, with the
   * publisher's error as the cause. A close of the channel by its receiver cancels the
   * subscription.
   *
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public static <T> Channel<T> toChannel(
      EventLoop loop, Flow.Publisher<? extends T> publisher, int capacity) {
    Objects.requireNonNull(publisher, "publisher");
    Channel<T> channel = Channel.bounded(loop, capacity);
    var _ = loop.goAsync("values of " + publisher, () -> sendAll(publisher, capacity, channel));
    return channel;
  }

  private static <T> void sendAll(
      Flow.Publisher<? extends T> publisher, int capacity, Channel<T> channel) {
    try (Subscribed<T> values = subscribe(publisher, capacity)) {
      for (T value : values) {
        channel.send(value);
      }
      closeQuietly(channel, null);
    } catch (ChannelClosedException closedByReceiver) {
      // the subscription ends
    } catch (PublisherFailedException failed) {
      closeQuietly(channel, failed.getCause());
    } catch (RuntimeException | Error failed) {
      closeQuietly(channel, failed);
      throw failed;
    }
  }

  private static void closeQuietly(Channel<?> channel, @Nullable Throwable cause) {
    try {
      if (cause == null) {
        channel.close();
      } else {
        channel.close(cause);
      }
    } catch (ChannelClosedException closedByReceiver) {
      // as intended
    }
  }
}
