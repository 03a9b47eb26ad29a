package dev.goasync.http;

import dev.goasync.CancelScope;
import dev.goasync.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of a connection, by one timer that ticks a few times within the shortest limit.
 * The change of a phase costs two stores, which a scope with a deadline for each wait does not.
 * Owned by the loop.
 */
final class Watch {
  /** What the connection waits for. */
  enum Phase {
    /** The first byte of a request. */
    IDLE,
    /** The rest of a head. */
    HEAD,
    /** The program's handler, without a limit. */
    HANDLER,
    /** Bytes of a body. */
    BODY,
    /** Room for bytes of a response. */
    WRITE
  }

  private static final Duration MIN_PERIOD = Duration.ofMillis(10);
  private static final Duration MAX_PERIOD = Duration.ofSeconds(1);
  private static final int TICKS_WITHIN_LIMIT = 8;

  private final EventLoop loop;
  private final CancelScope scope;
  private final Runnable whenHandlerIsLong;
  private final Duration period;
  private final long idleLimit; // limits are in ticks
  private final long headLimit;
  private final long stallLimit;
  private Phase phase = Phase.IDLE;
  private long ticks;
  private long since;
  private boolean reported;
  private boolean ended;
  private @Nullable Phase expired;
  private EventLoop.@Nullable Scheduled timer;

  /**
   * Creates a watch and starts its timer.
   *
   * @param scope cancelled when a limit is over
   * @param whenHandlerIsLong run once for each handler that has worked for a tick
   */
  Watch(EventLoop loop, Settings settings, CancelScope scope, Runnable whenHandlerIsLong) {
    this.loop = loop;
    this.scope = scope;
    this.whenHandlerIsLong = whenHandlerIsLong;
    Duration shortest =
        min(settings.stallTimeout(), min(settings.idleTimeout(), settings.headTimeout()));
    Duration wanted = shortest.dividedBy(TICKS_WITHIN_LIMIT);
    this.period = min(MAX_PERIOD, wanted.compareTo(MIN_PERIOD) < 0 ? MIN_PERIOD : wanted);
    idleLimit = ticks(settings.idleTimeout());
    headLimit = ticks(settings.headTimeout());
    stallLimit = ticks(settings.stallTimeout());
    arm();
  }

  private static Duration min(Duration one, Duration two) {
    return one.compareTo(two) < 0 ? one : two;
  }

  private long ticks(Duration limit) {
    return limit.plus(period).minusNanos(1).dividedBy(period);
  }

  private void arm() {
    timer = loop.schedule(period, this::tick);
  }

  private void tick() {
    if (ended) {
      return;
    }
    ticks++;
    if (ticks - since > limit()) {
      expired = phase;
      scope.cancel("the time limit of the phase " + phase + " is over");
      return;
    }
    if (phase == Phase.HANDLER && !reported && ticks > since + 1) {
      reported = true;
      whenHandlerIsLong.run();
    }
    arm();
  }

  private long limit() {
    return switch (phase) {
      case IDLE -> idleLimit;
      case HEAD -> headLimit;
      case HANDLER -> Long.MAX_VALUE;
      case BODY, WRITE -> stallLimit;
    };
  }

  Phase phase() {
    return phase;
  }

  /** Begins a phase. */
  void enter(Phase next) {
    phase = next;
    since = ticks;
    reported = false;
  }

  /** Returns the phase whose limit was over, or null. */
  @Nullable Phase expired() {
    return expired;
  }

  /** Stops the timer. */
  void end() {
    ended = true;
    EventLoop.Scheduled last = timer;
    if (last != null) {
      last.cancel();
    }
  }
}
