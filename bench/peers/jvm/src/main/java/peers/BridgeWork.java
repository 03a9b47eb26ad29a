package peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import peers.BridgeClient.Exchange;

/**
 * Workers that exchange messages with servers by client libraries, on a loop or on virtual threads.
 * Arguments: {@code loop} or {@code threads}, {@code cost} or {@code tick}, the seconds of the
 * warm-up and of the measurement, the number of workers, and {@code CLIENT:PORT} for each library,
 * which share the workers.
 */
final class BridgeWork {
  private static final long SECOND = 1_000_000_000L;
  private static final long TICK_NANOS = 5_000_000;

  /** The kernel's USER_HZ, which is 100 on every architecture that Java supports. */
  private static final double US_PER_CLOCK_TICK = 10_000;

  private static final int UTIME = 11;
  private static final int EXCHANGES = 50;
  private static final int WARM = 80_000;
  private static final int MAX_TICKS = 100_000;

  private final BridgeRuntime runtime;
  private final List<Exchange> workers = new ArrayList<>();

  private BridgeWork(BridgeRuntime runtime) {
    this.runtime = runtime;
  }

  public static void main(String[] args) throws Exception {
    boolean onLoop = args[0].equals("loop");
    var work = new BridgeWork(onLoop ? BridgeRuntime.loop() : BridgeRuntime.virtualThreads());
    int workers = Integer.parseInt(args[4]);
    int clients = args.length - 5;
    for (int i = 0; i < clients; i++) {
      String[] clientAndPort = args[5 + i].split(":");
      BridgeClient client = BridgeClient.valueOf(clientAndPort[0].toUpperCase(Locale.ROOT));
      work.open(client, Integer.parseInt(clientAndPort[1]), workers * (i + 1) / clients);
    }
    work.warmUp(Integer.parseInt(args[2]));
    int seconds = Integer.parseInt(args[3]);
    if (args[1].equals("tick")) {
      work.measureTicks(seconds);
    } else {
      work.measureCost(args[5].split(":")[0], seconds);
    }
    System.exit(0); // connections are open
  }

  /** Opens connections until there are {@code total} workers. */
  private void open(BridgeClient client, int port, int total) throws Exception {
    int count = total - workers.size();
    runtime
        .start(() -> {
          Exchange shared = client.openShared(runtime, port, count);
          for (int i = 0; i < count; i++) {
            workers.add(shared != null ? shared : client.open(runtime, port));
          }
        })
        .get();
  }

  /** On a busy machine, the JIT needs the more time the fewer exchanges have been made. */
  private void warmUp(int seconds) throws Exception {
    long done = 0;
    for (int second = 0; second < seconds || (done < WARM && second < 4 * seconds); second++) {
      done += exchangeFor(1);
    }
  }

  /** Lets all workers run for some seconds; returns the number of their exchanges. */
  private long exchangeFor(int seconds) throws Exception {
    long end = System.nanoTime() + seconds * SECOND;
    long[] done = new long[workers.size()];
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      int number = i;
      Exchange exchange = workers.get(i);
      running.add(
          runtime.start(() -> {
            while (System.nanoTime() < end) {
              for (int j = 0; j < EXCHANGES; j++) {
                exchange.run(number);
              }
              done[number] += EXCHANGES;
            }
          }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    return Arrays.stream(done).sum();
  }

  private void measureCost(String caseName, int seconds) throws Exception {
    double[] before = cpuUs();
    long start = System.nanoTime();
    long done = exchangeFor(seconds);
    double took = (System.nanoTime() - start) / (double) SECOND;
    double[] after = cpuUs();
    double user = (after[0] - before[0]) / done;
    double sys = (after[1] - before[1]) / done;
    print(caseName, "cpu_us_per_op", user + sys);
    print(caseName, "user_us_per_op", user);
    print(caseName, "sys_us_per_op", sys);
    print(caseName, "ops_per_s", done / took);
  }

  /** Returns the microseconds of this process in user mode and in the kernel. */
  private static double[] cpuUs() throws Exception {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return new double[] {
      Long.parseLong(fields[UTIME]) * US_PER_CLOCK_TICK,
      Long.parseLong(fields[UTIME + 1]) * US_PER_CLOCK_TICK
    };
  }

  /** Ticks in a worker and, at the same time, in a platform thread, while the workers run. */
  private void measureTicks(int seconds) throws Exception {
    long end = System.nanoTime() + seconds * SECOND;
    long[] ofWorker = new long[MAX_TICKS];
    long[] ofThread = new long[MAX_TICKS];
    Future<?> ticker = runtime.start(() -> tick(runtime.sleep(), end, ofWorker));
    Thread thread = Thread.ofPlatform().start(() -> tick(LockSupport::parkNanos, end, ofThread));
    exchangeFor(seconds);
    ticker.get();
    thread.join();
    printTicks("tick", ofWorker);
    printTicks("tick-of-a-thread", ofThread);
  }

  /** Stores the nanoseconds between ticks beyond the tick; 0 ends them. */
  private static void tick(LongConsumer sleep, long end, long[] late) {
    long last = System.nanoTime();
    for (int i = 0; i < late.length && last < end; i++) {
      sleep.accept(TICK_NANOS);
      long now = System.nanoTime();
      late[i] = Math.max(1, now - last - TICK_NANOS);
      last = now;
    }
  }

  private static void printTicks(String caseName, long[] late) {
    long[] sorted = Arrays.stream(late).filter(nanos -> nanos > 0).sorted().toArray();
    print(caseName, "p50_us", sorted[sorted.length / 2] / 1e3);
    print(caseName, "p99_us", sorted[sorted.length * 99 / 100] / 1e3);
    print(caseName, "max_us", sorted[sorted.length - 1] / 1e3);
  }

  private static void print(String caseName, String metric, double value) {
    System.out.printf(Locale.ROOT, "= %s %s %.3f%n", caseName, metric, value);
  }
}
