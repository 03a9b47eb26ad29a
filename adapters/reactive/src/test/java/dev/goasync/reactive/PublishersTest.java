package dev.goasync.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.sync.Channel;
import dev.goasync.sync.ChannelClosedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

@Timeout(60)
final class PublishersTest {
  private final EventLoop loop = EventLoop.start("publishers");

  @AfterEach
  void close() {
    loop.closeNow();
  }

  private Flow.Publisher<Integer> numbers(int count, List<Integer> emitted) {
    return Publishers.of(
        loop,
        emitter -> {
          for (int i = 0; i < count; i++) {
            emitter.emit(i);
            emitted.add(i);
          }
        });
  }

  @Test
  void aPlainThreadIteratesOverAllValues() {
    List<Integer> seen = new ArrayList<>();
    try (Subscribed<Integer> values = Publishers.subscribe(numbers(1000, new ArrayList<>()), 16)) {
      values.forEach(seen::add);
    }
    assertThat(seen).hasSize(1000).isSorted();
  }

  @Test
  void aPublisherEmitsNoMoreThanWasRequested() {
    loop.goAsync(
            () -> {
              List<Integer> emitted = new ArrayList<>();
              try (Subscribed<Integer> values = Publishers.subscribe(numbers(100, emitted), 4)) {
                GoAsync.sleep(Duration.ofMillis(1)); // the publisher has run until it waits
                assertThat(emitted).hasSize(4);
                assertThat(values.next()).isZero();
                assertThat(values.next()).isEqualTo(1);
                GoAsync.sleep(Duration.ofMillis(1));
                assertThat(emitted).hasSize(4);
                assertThat(values.next()).isEqualTo(2); // three quarters are taken
                GoAsync.sleep(Duration.ofMillis(1));
                assertThat(emitted).hasSize(7);
              }
            })
        .await();
  }

  @Test
  void aCloseOfTheIterationCancelsTheBody() {
    CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();
    Flow.Publisher<String> publisher =
        Publishers.of(
            loop,
            emitter -> {
              emitter.emit("first");
              try {
                GoAsync.sleep(Duration.ofHours(1));
              } catch (Throwable thrown) {
                end.complete(thrown);
                throw thrown;
              }
            });
    try (Subscribed<String> values = Publishers.subscribe(publisher, 1)) {
      assertThat(values.next()).isEqualTo("first");
    }
    assertThat(end.join()).isInstanceOf(CancellationException.class);
  }

  @Test
  void anErrorOfTheBodyFollowsItsValues() {
    Flow.Publisher<String> publisher =
        Publishers.of(
            loop,
            emitter -> {
              emitter.emit("first");
              throw new IOException("planned");
            });
    try (Subscribed<String> values = Publishers.subscribe(publisher, 8)) {
      assertThat(values.next()).isEqualTo("first");
      assertThatThrownBy(values::next)
          .isInstanceOf(PublisherFailedException.class)
          .hasMessage("the publisher failed: java.io.IOException: planned")
          .cause()
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aClosedLoopFailsTheSubscription() {
    loop.close();
    try (Subscribed<Integer> values = Publishers.subscribe(numbers(1, new ArrayList<>()), 1)) {
      assertThatThrownBy(values::next).hasCauseInstanceOf(RejectedExecutionException.class);
    }
  }

  @Test
  void aCloseOfTheLoopFailsTheSubscription() {
    Flow.Publisher<String> publisher = Publishers.of(loop, _ -> GoAsync.sleep(Duration.ofHours(1)));
    try (Subscribed<String> values = Publishers.subscribe(publisher, 1)) {
      loop.closeNow();
      assertThatThrownBy(values::next).hasCauseInstanceOf(CancellationException.class);
    }
  }

  @Test
  void aCancelLosesNoValueOfAChannel() {
    Channel<Integer> channel = Channel.bounded(loop, 10);
    for (int i = 0; i < 10; i++) {
      channel.send(i);
    }
    List<Integer> seen =
        Flux.from(JdkFlowAdapter.flowPublisherToFlux(Publishers.of(loop, channel)))
            .limitRate(1)
            .take(3)
            .collectList()
            .block();
    assertThat(seen).containsExactly(0, 1, 2);
    assertThat(channel.receive()).isEqualTo(3);
  }

  @Test
  void aChannelGetsTheValuesAndTheErrorOfAPublisher() {
    Flux<String> source = Flux.just("a", "b").concatWith(Flux.error(new IOException("planned")));
    Channel<String> channel =
        Publishers.toChannel(loop, JdkFlowAdapter.publisherToFlowPublisher(source), 1);
    assertThat(channel.receive()).isEqualTo("a");
    assertThat(channel.receive()).isEqualTo("b");
    assertThatThrownBy(channel::receive)
        .isInstanceOf(ChannelClosedException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aCloseOfTheChannelCancelsTheSubscription() {
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    Flux<Integer> source = Flux.range(0, 1000).doOnCancel(() -> cancelled.complete("cancelled"));
    Channel<Integer> channel =
        Publishers.toChannel(loop, JdkFlowAdapter.publisherToFlowPublisher(source), 2);
    assertThat(channel.receive()).isZero();
    channel.close();
    assertThat(cancelled.join()).isEqualTo("cancelled");
  }

  @Test
  void aCancelOfTheIteratingCoroutineEndsItsWait() {
    Task<?> task =
        loop.goAsync(() -> {
          Flow.Publisher<String> silent =
              Publishers.of(loop, _ -> GoAsync.sleep(Duration.ofHours(1)));
          try (Subscribed<String> values = Publishers.subscribe(silent, 1)) {
            values.next();
          }
        });
    task.cancel();
    assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    loop.close(); // the coroutine of the publisher has been cancelled too
  }
}
