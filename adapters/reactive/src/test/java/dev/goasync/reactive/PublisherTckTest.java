package dev.goasync.reactive;

import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The rules for publishers, checked with a publisher of a body. */
public final class PublisherTckTest extends FlowPublisherVerification<Long> {
  public PublisherTckTest() {
    super(TckLoop.environment());
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return Publishers.of(
        TckLoop.LOOP,
        emitter -> {
          for (long i = 0; i < elements; i++) {
            emitter.emit(i);
          }
        });
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return Publishers.of(
        TckLoop.LOOP,
        _ -> {
          throw new IllegalStateException("planned");
        });
  }
}
