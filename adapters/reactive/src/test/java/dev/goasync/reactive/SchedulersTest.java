package dev.goasync.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testing.TestLoop;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

@Timeout(60)
final class SchedulersTest {
  private final EventLoop loop = EventLoop.start("schedulers");

  @AfterEach
  void close() {
    loop.closeNow();
  }

  private boolean isOnLoop() {
    GoAsync.sleep(Duration.ofNanos(1)); // a coroutine can wait
    return GoAsync.inCoroutine() && loop.isCurrent();
  }

  private void assertLoopWorks() {
    assertThat(loop.goAsync(() -> "works").await()).isEqualTo("works");
  }

  // ---- Reactor ----

  @Test
  void reactorsWorkRunsInCoroutines() {
    Scheduler scheduler = ReactorSchedulers.on(loop);
    assertThat(Mono.fromCallable(this::isOnLoop).subscribeOn(scheduler).block()).isTrue();
    Flux<Boolean> published = Flux.range(0, 100).publishOn(scheduler).map(_ -> isOnLoop());
    assertThat(published.collectList().block()).hasSize(100).containsOnly(true);
    scheduler.dispose();
    assertThat(scheduler.isDisposed()).isTrue();
    assertThatThrownBy(() -> scheduler.schedule(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    assertLoopWorks();
  }

  @Test
  void reactorsDisposalInterruptsTheCoroutine() {
    Scheduler scheduler = ReactorSchedulers.on(loop);
    CompletableFuture<String> begun = new CompletableFuture<>();
    CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();
    var subscription =
        Mono.fromRunnable(() -> sleep(begun, end)).subscribeOn(scheduler).subscribe();
    begun.join();
    subscription.dispose();
    assertThat(end.join()).isInstanceOf(CancellationException.class);
    assertLoopWorks();
  }

  private static void sleep(
      CompletableFuture<String> begun, CompletableFuture<@Nullable Throwable> end) {
    begun.complete("begun");
    try {
      GoAsync.sleep(Duration.ofHours(1));
      end.complete(null);
    } catch (CancellationException thrown) {
      end.complete(thrown);
    }
  }

  @Test
  void reactorsDelaysUseTheClockOfTheLoop() throws Exception {
    try (TestLoop test = TestLoop.open()) {
      test.run(() -> {
        Scheduler scheduler = ReactorSchedulers.on(EventLoop.currentOrDefault());
        var ticks = Flux.interval(Duration.ofHours(1), scheduler).take(3).count().toFuture();
        GoAsync.sleep(Duration.ofMinutes(179));
        assertThat(ticks).isNotDone();
        GoAsync.sleep(Duration.ofMinutes(2));
        assertThat(ticks).isCompletedWithValue(3L);
      });
    }
  }

  @Test
  void aReactorWorkerRunsOneTaskAtATimeInOrder() {
    Scheduler.Worker worker = ReactorSchedulers.on(loop).createWorker();
    List<String> log = new CopyOnWriteArrayList<>();
    CompletableFuture<String> end = new CompletableFuture<>();
    worker.schedule(() -> {
      log.add("first begins");
      GoAsync.sleep(Duration.ofMillis(1));
      log.add("first ends");
    });
    worker.schedule(() -> {
      log.add("second");
      end.complete("end");
    });
    end.join();
    assertThat(log).containsExactly("first begins", "first ends", "second");
    worker.dispose();
  }

  // ---- RxJava ----

  @Test
  void rxJavasWorkRunsInCoroutines() {
    var scheduler = RxJavaSchedulers.on(loop);
    assertThat(Single.fromCallable(this::isOnLoop).subscribeOn(scheduler).blockingGet()).isTrue();
    Observable<Boolean> observed =
        Observable.range(0, 100).observeOn(scheduler).map(_ -> isOnLoop());
    assertThat(observed.toList().blockingGet()).hasSize(100).containsOnly(true);
    scheduler.shutdown();
    assertLoopWorks();
  }

  @Test
  void rxJavasDisposalInterruptsTheCoroutine() {
    RxJavaPlugins.setErrorHandler(_ -> {}); // RxJava passes the interruption to it
    try {
      CompletableFuture<String> begun = new CompletableFuture<>();
      CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();
      var subscription =
          Completable.fromAction(() -> sleep(begun, end))
              .subscribeOn(RxJavaSchedulers.on(loop))
              .subscribe();
      begun.join();
      subscription.dispose();
      assertThat(end.join()).isInstanceOf(CancellationException.class);
      assertLoopWorks();
    } finally {
      RxJavaPlugins.setErrorHandler(null);
    }
  }

  @Test
  void rxJavasDelaysUseTheClockOfTheLoop() throws Exception {
    try (TestLoop test = TestLoop.open()) {
      test.run(() -> {
        var scheduler = RxJavaSchedulers.on(EventLoop.currentOrDefault());
        Observable<Long> interval = Observable.interval(1, TimeUnit.HOURS, scheduler);
        var ticks = interval.take(3).count().toCompletionStage().toCompletableFuture();
        GoAsync.sleep(Duration.ofMinutes(179));
        assertThat(ticks).isNotDone();
        GoAsync.sleep(Duration.ofMinutes(2));
        assertThat(ticks).isCompletedWithValue(3L);
      });
    }
  }

  // ---- Mutiny ----

  @Test
  void mutinysShutdownLeavesThePermanentExecutorAlone() {
    ScheduledExecutorService executor = LoopExecutors.permanent(loop);
    Infrastructure.setDefaultExecutor(executor);
    try {
      Uni<Boolean> work =
          Uni.createFrom()
              .item(this::isOnLoop)
              .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
      assertThat(work.await().indefinitely()).isTrue();
      Infrastructure.getDefaultWorkerPool().shutdownNow();
      assertThat(executor.isShutdown()).isFalse();
      assertThat(Task.from(CompletableFuture.supplyAsync(this::isOnLoop, executor)).await())
          .isTrue();
    } finally {
      Infrastructure.setDefaultExecutor();
    }
  }
}
