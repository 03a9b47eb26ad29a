package dev.goasync.reactive;

import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** The rules for subscribers, checked with an iteration in a coroutine. */
public final class SubscribedTckTest extends FlowSubscriberBlackboxVerification<Long> {
  public SubscribedTckTest() {
    super(TckLoop.environment());
  }

  @Override
  public Flow.Subscriber<Long> createFlowSubscriber() {
    Subscribed<Long> subscribed = new Subscribed<>(4);
    TckLoop.LOOP.goAsync(() -> takeAll(subscribed));
    return subscribed.subscriber();
  }

  private static void takeAll(Subscribed<Long> subscribed) {
    try (subscribed) {
      subscribed.forEach(_ -> {});
    } catch (PublisherFailedException planned) {
      // some tests fail the subscription
    }
  }

  @Override
  public Long createElement(int element) {
    return (long) element;
  }
}
