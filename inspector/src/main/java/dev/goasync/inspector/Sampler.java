package dev.goasync.inspector;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goasync.EventLoop;
import dev.goasync.inspect.Dump;
import dev.goasync.inspect.DumpOptions;
import dev.goasync.internal.inspect.Observation;
import dev.goasync.sync.Channel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes a dump at each interval and hands it to the open pages. It has a thread of its own, so that
 * a program whose loops stand still is shown too; without a page the thread sleeps.
 */
final class Sampler {
  /** Beyond that the coroutines of a loop are shown in groups. */
  private static final int MAX_TASKS = 400;

  /** A loop that does not answer within this time is read from outside. */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** The distance of two samples, in multiples of the time that the first takes. */
  private static final int FACTOR = 5;

  /** Taking a sample also waits for loops that do not answer, which is no load. */
  private static final long MAX_DISTANCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final EventLoop home;
  private final long intervalNanos;
  private final boolean mayCancel;
  private final Set<Channel<byte[]>> pages = ConcurrentHashMap.newKeySet();
  private final Ages ages = new Ages();
  private final Descriptors descriptors = new Descriptors();
  private final Thread thread = Observation.thread(this::run, "goasync-inspector-sampler-");
  private volatile boolean closed;
  private long count;

  /**
   * @param home the loop of the pages' connections
   * @param mayCancel whether the pages may cancel tasks
   */
  Sampler(EventLoop home, Duration interval, boolean mayCancel) {
    this.home = home;
    this.intervalNanos = interval.toNanos();
    this.mayCancel = mayCancel;
  }

  void start() {
    thread.start();
  }

  /** Adds a page; the channel keeps the newest sample. */
  Channel<byte[]> connect() {
    Channel<byte[]> page = Channel.conflated(home);
    pages.add(page);
    LockSupport.unpark(thread);
    return page;
  }

  void disconnect(Channel<byte[]> page) {
    pages.remove(page);
  }

  void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      if (pages.isEmpty()) {
        ages.forget();
        descriptors.forget();
        LockSupport.park();
      } else {
        long begin = System.nanoTime();
        Set<Channel<byte[]>> receivers = Set.copyOf(pages);
        byte[] sample = sample(begin);
        receivers.forEach(page -> hand(page, sample));
        long gentle = Math.min((System.nanoTime() - begin) * FACTOR, MAX_DISTANCE_NANOS);
        pauseUntil(begin + Math.max(intervalNanos, gentle), receivers);
      }
    }
  }

  /** A new page does not wait for the next sample. */
  private void pauseUntil(long end, Set<Channel<byte[]>> receivers) {
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      if (closed || !receivers.containsAll(pages)) {
        return;
      }
      LockSupport.parkNanos(left);
    }
  }

  private static void hand(Channel<byte[]> page, byte[] sample) {
    try {
      var _ = page.trySend(sample);
    } catch (IllegalStateException gone) {
      // its connection, or the whole inspector, has ended
    }
  }

  /** A sample as an event of a stream of server-sent events. */
  private byte[] sample(long now) {
    Dump dump =
        Observation.dump(DumpOptions.standard().withMaxTasks(MAX_TASKS).withPatience(PATIENCE));
    ages.update(dump, now);
    var text = new StringBuilder("data: {\"count\":").append(++count);
    text.append(",\"mayCancel\":").append(mayCancel);
    text.append(",\"dump\":").append(dump.toJson());
    text.append(",\"ages\":");
    ages.appendTo(text, now);
    text.append(",\"descriptors\":");
    descriptors.appendTo(text, now);
    return text.append("}\n\n").toString().getBytes(UTF_8);
  }
}
