package dev.goasync.bench.program;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts many coroutines or virtual threads that sleep, and measures their memory. */
public final class Sleepers {
  private static final Duration LONG = Duration.ofHours(1);

  private Sleepers() {}

  /** Arguments: "goasync" or "jdk-virtual-threads", and the number. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int count = Integer.parseInt(args[1]);
    long before = usedHeap();
    long start = System.nanoTime();
    if (args[0].equals("goasync")) {
      startCoroutines(count);
    } else {
      startThreads(count);
    }
    long nanos = System.nanoTime() - start;
    print(Metric.PEAK_RSS_MB, ProcStat.peakRssMb("self"));
    print(Metric.NS_PER_OP, (double) nanos / count);
    print(Metric.BYTES_PER_ITEM, (double) (usedHeap() - before) / count);
    Runtime.getRuntime().halt(0);
  }

  private static void startCoroutines(int count) {
    EventLoop loop = EventLoop.onCurrentThread();
    loop.goAsync(
            () -> {
              for (int i = 0; i < count; i++) {
                Duration time = LONG.plusMillis(i % 1_000_000);
                GoAsync.goAsync(() -> GoAsync.sleep(time));
              }
              GoAsync.yield(); // returns after all coroutines have run
            })
        .await();
  }

  private static void startThreads(int count) throws InterruptedException {
    AtomicInteger awake = new AtomicInteger(count);
    for (int i = 0; i < count; i++) {
      Duration time = LONG.plusMillis(i % 1_000_000);
      Thread.startVirtualThread(() -> {
        awake.decrementAndGet();
        try {
          Thread.sleep(time);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
    }
    while (awake.get() > 0) {
      Thread.sleep(1);
    }
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static void print(Metric metric, double value) {
    System.out.println(new Measurement("sleepers", metric, value).toLine());
  }
}
