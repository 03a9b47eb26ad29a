package dev.goasync.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.sync.Ticker;
import dev.goasync.sync.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits that need no kernel. */
final class MemoryRows {
  private MemoryRows() {}

  static void addTo(BiConsumer<String, Function<Path, CancelRow>> table) {
    table.accept("sleep", dir -> new LongSleep());
    table.accept("sleep of no time", dir -> new NoSleep());
    table.accept("yield", dir -> new Yield());
    table.accept("await", dir -> new Await(task -> task.await()));
    table.accept("await, limited", dir -> new Await(task -> task.await(Duration.ofDays(1))));
    table.accept("awaitAll", dir -> new Await(task -> GoAsync.awaitAll(task, task).getFirst()));
    table.accept("awaitAny", dir -> new Await(task -> GoAsync.awaitAny(List.of(task)).await()));
    table.accept("offload", dir -> new OffloadRow());
    table.accept("a timer", dir -> new TimerRow());
    table.accept("a ticker", dir -> new TickerRow());
  }

  private static final class LongSleep extends CancelRow {
    @Override
    @Nullable Object run() {
      GoAsync.sleep(Duration.ofDays(1));
      return null;
    }

    @Override
    boolean releases() {
      return false;
    }

    @Override
    void check(@Nullable Object result, boolean released) {
      GoAsync.sleep(Duration.ofNanos(1));
    }
  }

  private static final class NoSleep extends CancelRow {
    @Override
    Object run() {
      GoAsync.sleep(Duration.ZERO);
      return "slept";
    }

    @Override
    boolean waits() {
      return false;
    }

    @Override
    void check(@Nullable Object result, boolean released) {
      assertThat(result).isIn(null, "slept");
    }
  }

  private static final class Yield extends CancelRow {
    @Override
    Object run() {
      GoAsync.yield();
      return "yielded";
    }

    @Override
    boolean waits() {
      return false;
    }

    @Override
    void check(@Nullable Object result, boolean released) {
      GoAsync.yield();
    }
  }

  private static final class Await extends CancelRow {
    private final CompletableFuture<String> source = new CompletableFuture<>();
    private final Task<String> task = Task.from(source);
    private final Function<Task<String>, String> operation;

    Await(Function<Task<String>, String> operation) {
      this.operation = operation;
    }

    @Override
    Object run() {
      return operation.apply(task);
    }

    @Override
    void release() {
      source.complete("done");
    }

    @Override
    void check(@Nullable Object result, boolean released) {
      assertThat(task.isCompleted()).as("a cancelled wait leaves the task").isEqualTo(released);
      assertThat(result).isIn(null, "done");
      source.complete("done");
      assertThat(operation.apply(task)).isEqualTo("done");
    }
  }

  private static final class OffloadRow extends CancelRow {
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    @Override
    Object run() throws Exception {
      return GoAsync.<String, Exception>offload(() -> {
        begun.incrementAndGet();
        try {
          go.await();
          return "done";
        } finally {
          ended.incrementAndGet();
        }
      });
    }

    @Override
    void release() {
      go.countDown();
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(ended.get()).as("each that began has ended").isEqualTo(begun.get());
      assertThat(begun.get()).isLessThanOrEqualTo(1);
      if (result != null) {
        assertThat(ended).hasValue(1);
      }
      go.countDown();
      assertThat(run()).isEqualTo("done");
    }
  }

  private static final class TimerRow extends CancelRow {
    private final Timer timer = Timer.after(Duration.ofDays(1));

    @Override
    Object run() {
      timer.await();
      return "over";
    }

    @Override
    void release() {
      timer.reset(Duration.ZERO);
    }

    @Override
    void check(@Nullable Object result, boolean released) {
      assertThat(timer.isReady()).isEqualTo(released);
      release();
      run();
    }
  }

  /** A tick of a cancelled wait is not lost. */
  private static final class TickerRow extends CancelRow {
    private final Ticker ticker = Ticker.every(Duration.ofDays(1));

    @Override
    Object run() {
      return ticker.await();
    }

    @Override
    void release() {
      ticker.reset(Duration.ofNanos(1));
      while (!isDue()) {
        Thread.onSpinWait();
      }
    }

    private boolean isDue() {
      try {
        return ticker.due().isReady();
      } catch (IOException impossible) {
        throw new AssertionError(impossible);
      }
    }

    @Override
    void check(@Nullable Object result, boolean released) {
      ticker.reset(Duration.ofDays(1));
      assertThat(isDue()).isFalse();
      release();
      assertThat(ticker.await()).isPositive();
    }
  }
}
