package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A loop's selector.
 *
 * <p>A selection waits for whole milliseconds. So a wait selects for those that lie wholly before
 * its end, and what is left of one passes in short parks with a look at the sockets between: timers
 * fire in time, and in the last millisecond before one a socket is noticed up to {@link #STEP}
 * late. Where nobody waits for a socket the thread just parks.
 */
public final class NioPoller implements Poller {
  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long STEP = TimeUnit.MICROSECONDS.toNanos(200);

  /** Where the loop's thread waits, for those who wake it. */
  private enum Place {
    PARKED,
    SELECTING,
    AWAKE
  }

  private final Loop loop;
  private final SharedSelector selector = new SharedSelector();
  private final Consumer<SelectionKey> onReady = NioPoller::onReady;
  private volatile Place place = Place.AWAKE;

  /** The loop's thread, once it has polled. */
  private volatile @Nullable Thread owner;

  /** Coroutines that wait for sockets. */
  private int waiting;

  public NioPoller(Loop loop) throws IOException {
    this.loop = loop;
  }

  Loop loop() {
    return loop;
  }

  SharedSelector selector() {
    return selector;
  }

  /** Pauses the current fiber in a wait for a socket. */
  void waitIn(ReadinessWait wait, Fiber fiber) {
    waiting++;
    fiber.pause(wait);
    waiting--;
  }

  private static void onReady(SelectionKey key) {
    try {
      ((LoopRegistration) key.attachment()).ready(key.readyOps());
    } catch (CancelledKeyException closed) {
      // by another thread, whose message will come
    }
  }

  @Override
  public void poll(long timeoutNanos) {
    try {
      if (timeoutNanos > 0) {
        await(timeoutNanos);
      } else if (waiting > 0) {
        selector.select(onReady, 0);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("a selection failed", failed);
    }
  }

  /** An interrupt would make each wait return at once, and the loop spin. */
  private void await(long timeoutNanos) throws IOException {
    if (owner == null) {
      owner = Thread.currentThread();
      return; // a wake-up until here knew of no thread to unpark
    }
    boolean interrupted = Thread.interrupted();
    if (waiting == 0) {
      park(timeoutNanos);
    } else if (timeoutNanos == FOREVER) {
      select(-1);
    } else if (timeoutNanos >= MILLISECOND) {
      select(timeoutNanos / MILLISECOND);
    } else if (selector.select(onReady, 0) == 0) {
      park(Math.min(timeoutNanos, STEP));
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void select(long timeoutMillis) throws IOException {
    place = Place.SELECTING;
    selector.select(onReady, timeoutMillis);
    place = Place.AWAKE;
  }

  private void park(long nanos) {
    place = Place.PARKED;
    if (nanos == FOREVER) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
    place = Place.AWAKE;
  }

  /**
   * A place that is out of date does no harm: the loop has been awake since then, and has looked at
   * what it was to be woken for.
   */
  @Override
  public void wakeup() {
    Place seen = place;
    if (seen != Place.SELECTING) {
      LockSupport.unpark(owner);
    }
    if (seen != Place.PARKED) {
      selector.wakeup();
    }
  }

  @Override
  public int inFlight() {
    return waiting;
  }

  @Override
  public void close() {
    try {
      selector.close();
    } catch (IOException failed) {
      throw new UncheckedIOException("a selector cannot be closed", failed);
    }
  }
}
