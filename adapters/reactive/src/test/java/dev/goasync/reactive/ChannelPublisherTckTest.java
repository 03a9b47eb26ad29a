package dev.goasync.reactive;

import dev.goasync.sync.Channel;
import dev.goasync.sync.ChannelClosedException;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The rules for publishers, checked with a publisher of a channel. */
public final class ChannelPublisherTckTest extends FlowPublisherVerification<Long> {
  public ChannelPublisherTckTest() {
    super(TckLoop.environment());
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    Channel<Long> channel = Channel.bounded(TckLoop.LOOP, 2);
    TckLoop.LOOP.goAsync(() -> sendAll(channel, elements));
    return Publishers.of(TckLoop.LOOP, channel);
  }

  private static void sendAll(Channel<Long> channel, long elements) {
    try {
      for (long i = 0; i < elements; i++) {
        channel.send(i);
      }
      channel.close();
    } catch (ChannelClosedException testIsOver) {
      // nothing is left to do
    }
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    Channel<Long> channel = Channel.bounded(TckLoop.LOOP, 1);
    channel.close(new IllegalStateException("planned"));
    return Publishers.of(TckLoop.LOOP, channel);
  }
}
