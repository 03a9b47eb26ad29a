package dev.goasync.http;

import dev.goasync.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of an HTTP/2 connection: how long it may be without a stream, and how long the
 * client may take no byte. Streams limit their own waits. Owned by the loop.
 */
final class Http2Watch implements Http2Pump.WriteWatch {
  /** The time between two ticks, if the limits are not shorter. */
  static final Duration PERIOD = Duration.ofSeconds(1);

  private static final int TICKS_WITHIN_LIMIT = 8;

  private final EventLoop loop;
  private final Http2Connection connection;
  private final Duration period;
  private final long idleLimit;
  private final long writeLimit;
  private long ticks;
  private long idleSince;
  private long writingSince = -1;
  private boolean shutdown;
  private boolean expired;
  private boolean ended;
  private EventLoop.@Nullable Scheduled timer;

  Http2Watch(EventLoop loop, Settings settings, Http2Connection connection) {
    this.loop = loop;
    this.connection = connection;
    Duration idle = settings.idleTimeout();
    Duration stall = settings.stallTimeout();
    Duration shortest = (idle.compareTo(stall) < 0 ? idle : stall).dividedBy(TICKS_WITHIN_LIMIT);
    Duration wanted = shortest.compareTo(PERIOD) < 0 ? shortest : PERIOD;
    this.period = wanted.toMillis() < 1 ? Duration.ofMillis(1) : wanted;
    this.idleLimit = idle.plus(period).dividedBy(period);
    this.writeLimit = stall.plus(period).dividedBy(period);
  }

  /** Starts the timer. */
  void begin() {
    arm();
  }

  private void arm() {
    timer = loop.schedule(period, this::tick);
  }

  private void tick() {
    if (ended) {
      return;
    }
    ticks++;
    if (writingSince >= 0 && ticks - writingSince > writeLimit) {
      expire("the client takes no output");
      return;
    }
    if (connection.isIdle() && ticks - idleSince > idleLimit) {
      if (shutdown) {
        expire("the connection is idle");
        return;
      }
      shutdown = true;
      idleSince = ticks;
      connection.shutdown();
    }
    connection.tick();
    arm();
  }

  private void expire(String reason) {
    expired = true;
    connection.expire(reason);
  }

  void streamEnded() {
    idleSince = ticks;
  }

  @Override
  public void beginWrite() {
    writingSince = ticks;
  }

  @Override
  public void endWrite() {
    writingSince = -1;
  }

  /** Whether a limit has ended the connection. */
  boolean isExpired() {
    return expired;
  }

  void end() {
    ended = true;
    EventLoop.Scheduled last = timer;
    if (last != null) {
      last.cancel();
    }
  }
}
