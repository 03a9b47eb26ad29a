package dev.goasync.bench.program;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Dumps of a loop with many waiting coroutines, of which some read from sockets: how long a dump
 * with its text takes, and for how long no other coroutine runs.
 */
public final class Dumps {
  private static final Duration LONG = Duration.ofHours(1);
  private static final int DUMPS = 15;
  private static final int BUFFER = 64;

  private Dumps() {}

  /** Arguments: the number of coroutines, and how many of them read. */
  public static void main(String[] args) throws InterruptedException {
    int count = Integer.parseInt(args[0]);
    int readers = Integer.parseInt(args[1]);
    EventLoop loop = EventLoop.start();
    List<AsyncSocket> open = new ArrayList<>(); // until the end of the program
    loop.goAsync(
            () -> {
              startReaders(readers, open);
              for (int i = readers; i < count; i++) {
                GoAsync.goAsync(() -> GoAsync.sleep(LONG));
              }
            })
        .await();
    AtomicLong longest = new AtomicLong();
    Task<?> ticks = loop.goAsync(() -> tick(longest));
    double[] times = new double[DUMPS];
    double[] pauses = new double[DUMPS];
    for (int i = 0; i < DUMPS; i++) {
      longest.set(0);
      long begin = System.nanoTime();
      String text = loop.dump().toString();
      times[i] = (System.nanoTime() - begin) / 1e6;
      pauses[i] = longest.get() / 1e3;
      if (!text.contains("waiting for a timer")) {
        System.err.println("the dump lacks the coroutines that sleep:\n" + text);
        Runtime.getRuntime().halt(1);
      }
    }
    print("dump-first", times[0], pauses[0]);
    print("dump", median(times), median(pauses));
    ticks.cancel("measured");
    Runtime.getRuntime().halt(0);
  }

  private static void startReaders(int count, List<AsyncSocket> open) throws IOException {
    try (AsyncServerSocket server = AsyncServerSocket.listen(0)) {
      for (int i = 0; i < count; i++) {
        open.add(AsyncSocket.connect("127.0.0.1", server.localAddress().getPort()));
        AsyncSocket reader = server.accept();
        open.add(reader);
        GoAsync.goAsync(() -> reader.read(ByteBuffer.allocate(BUFFER)));
      }
    }
  }

  /** Runs in each turn of the loop, and keeps the longest time between two. */
  private static void tick(AtomicLong longest) {
    for (long last = System.nanoTime(); ; ) {
      GoAsync.yield();
      long now = System.nanoTime();
      longest.accumulateAndGet(now - last, Math::max);
      last = now;
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values, 1, values.length); // without the first dump
    return values[1 + (values.length - 1) / 2];
  }

  private static void print(String caseName, double millis, double pauseMicros) {
    System.out.println(new Measurement(caseName, Metric.WALL_MS, millis).toLine());
    System.out.println(new Measurement(caseName, Metric.MAX_US, pauseMicros).toLine());
  }
}
