package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A loop's selector.
 *
 * <p>A selection waits for whole milliseconds. So a poll selects for the whole milliseconds of its
 * timeout, and spends the rest in short parks with checks of the sockets in between. Timers fire in
 * time; in the last millisecond before a timer a socket may be noticed {@link #STEP} late. While no
 * coroutine waits for a socket, the thread only parks.
 */
public final class NioPoller implements Poller {
  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long STEP = TimeUnit.MICROSECONDS.toNanos(200);

  /** Where the loop's thread waits; read by threads that wake it. */
  private enum Place {
    PARKED,
    SELECTING,
    AWAKE
  }

  private final Loop loop;
  private final SharedSelector selector = new SharedSelector();
  private final Consumer<SelectionKey> onReady = NioPoller::onReady;
  private volatile Place place = Place.AWAKE;

  /** How many coroutines wait for sockets. */
  private int waiting;

  /** Opens a selector for a loop. */
  public NioPoller(Loop loop) throws IOException {
    this.loop = loop;
  }

  Loop loop() {
    return loop;
  }

  SharedSelector selector() {
    return selector;
  }

  /** Pauses the current fiber until the wait for a socket is finished. */
  void waitIn(Wait wait, Fiber fiber) {
    waiting++;
    fiber.pause(wait);
    waiting--;
  }

  private static void onReady(SelectionKey key) {
    try {
      if (SharedSelector.registrationOf(key) instanceof LoopRegistration registration) {
        registration.ready(key.readyOps());
      }
    } catch (CancelledKeyException closed) {
      // closed by another thread, which sends a message to the loop
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
      throw new UncheckedIOException("the selector of a loop failed", failed);
    }
  }

  /**
   * Clears an interrupt during the wait: each wait would return at once, and the loop would spin.
   */
  private void await(long timeoutNanos) throws IOException {
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
   * An outdated place is harmless: the loop was awake since the caller read it, and has seen what
   * the caller wakes it for.
   */
  @Override
  public void wakeup() {
    Place seen = place;
    if (seen != Place.SELECTING) {
      LockSupport.unpark(loop.thread()); // a pinned fiber polls on its own virtual thread
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
      throw new UncheckedIOException("the selector of a loop cannot be closed", failed);
    }
  }
}
