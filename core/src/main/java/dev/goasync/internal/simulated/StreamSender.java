package dev.goasync.internal.simulated;

import dev.goasync.internal.sys.Errno;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sends the segments of one direction of a TCP connection: they arrive in order, and one that is
 * lost is sent again at growing intervals, as Linux does, until the connection is given up.
 *
 * <p>A segment that arrives at an end which does not exist any more, since it was closed or its
 * host was restarted, is answered by a reset.
 */
final class StreamSender {
  private static final long FIRST_RETRY_NANOS = 200_000_000L;
  private static final long MAX_RETRY_NANOS = 120_000_000_000L;

  /** The default of Linux, {@code tcp_retries2}. */
  private static final int MAX_RETRIES = 15;

  private final SimulatedStream source;

  /** The segments that have not been delivered, in order. */
  private final Deque<Segment> undelivered = new ArrayDeque<>();

  private boolean stopped;

  StreamSender(SimulatedStream source) {
    this.source = source;
  }

  /** Sends a segment, which is delivered after those before it. */
  void send(Runnable delivery) {
    Segment segment = new Segment(delivery, true);
    undelivered.add(segment);
    segment.transmit();
  }

  /** Sends a segment without data, which needs no order. */
  void sendAlone(Runnable delivery) {
    new Segment(delivery, false).transmit();
  }

  /** Sends a reset, which is not repeated; nothing is sent after it. */
  void reset() {
    stop();
    transmit(new Reset(source.peer()));
  }

  /** Nothing is sent any more. */
  void stop() {
    stopped = true;
    undelivered.clear();
  }

  private void transmit(Message message) {
    source.world().network().send(source.run.host, source.peer().run.host, message);
  }

  private static boolean exists(SimulatedStream end, HostRun there) {
    return end.run.boot == there && !end.isClosed();
  }

  private final class Segment implements Message {
    private final Runnable delivery;
    private final boolean ordered;
    private boolean arrived;
    private int retries;

    Segment(Runnable delivery, boolean ordered) {
      this.delivery = delivery;
      this.ordered = ordered;
    }

    void transmit() {
      StreamSender.this.transmit(this);
    }

    @Override
    public void arrive(HostRun target) {
      SimulatedStream peer = source.peer();
      if (!exists(peer, target)) {
        if (ordered) {
          source.world().network().send(peer.run.host, source.run.host, new Reset(source));
        }
        return;
      }
      arrived = true;
      if (!ordered) {
        delivery.run();
        return;
      }
      while (!undelivered.isEmpty() && undelivered.element().arrived) {
        undelivered.remove().delivery.run();
      }
    }

    @Override
    public void lost() {
      if (stopped || source.run.boot.hasCrashed()) {
        return;
      }
      if (retries == MAX_RETRIES) {
        source.fail(Errno.ETIMEDOUT);
        return;
      }
      long delay = Math.min(FIRST_RETRY_NANOS << retries++, MAX_RETRY_NANOS);
      source.world().schedule(delay, this::retransmit);
    }

    private void retransmit() {
      if (!stopped && !source.run.boot.hasCrashed()) {
        source.world().trace("sends again", source, 0);
        transmit();
      }
    }
  }

  /** Resets an end of a connection. */
  private record Reset(SimulatedStream end) implements Message {
    @Override
    public void arrive(HostRun target) {
      if (exists(end, target)) {
        end.fail(Errno.ECONNRESET);
      }
    }

    @Override
    public void lost() {
      // the next segment of that end is answered by another one
    }
  }
}
