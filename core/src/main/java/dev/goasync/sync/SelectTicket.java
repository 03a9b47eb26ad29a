package dev.goasync.sync;

import dev.goasync.internal.util.SpinLock;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The right to decide one run of a {@link CrossLoopSelect}. The first thread that commits the
 * ticket performs its clause; for all others the run is over. A commit is final.
 *
 * <p>If two such selects meet in a channel, both tickets are committed or neither is: both are
 * locked, the one with the lower number first, so that no cycle of lock owners can form.
 */
final class SelectTicket {
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.getAndIncrement();
  private final SpinLock lock = new SpinLock();
  private volatile boolean committed;

  /** Whether the run is decided. Any thread. */
  boolean isCommitted() {
    return committed;
  }

  /** Commits the ticket; returns false if it was committed before. Any thread. */
  boolean tryCommit() {
    lock.lock();
    boolean free = !committed;
    committed = true;
    lock.unlock();
    return free;
  }

  /**
   * Commits both tickets, or neither if one is committed. A null ticket is an operation outside any
   * cross-loop select and can always proceed. The two tickets differ.
   */
  static boolean tryCommit(@Nullable SelectTicket one, @Nullable SelectTicket other) {
    if (one == null || other == null) {
      SelectTicket only = one != null ? one : other;
      return only == null || only.tryCommit();
    }
    SelectTicket lower = one.number < other.number ? one : other;
    SelectTicket higher = lower == one ? other : one;
    lower.lock.lock();
    higher.lock.lock();
    boolean free = !lower.committed && !higher.committed;
    if (free) {
      lower.committed = true;
      higher.committed = true;
    }
    higher.lock.unlock();
    lower.lock.unlock();
    return free;
  }

  /**
   * Home loop: removes and returns the first waiter of {@code queue} that can be served, and
   * commits its ticket together with {@code mine}. Waiters whose run is decided are removed on the
   * way. Waiters with the ticket {@code mine} stay: a select never meets itself.
   *
   * @return null if no waiter can be served, or if {@code mine} is committed
   */
  static @Nullable Waiter poll(WaitQueue queue, @Nullable SelectTicket mine) {
    Waiter waiter = queue.peek();
    while (waiter != null) {
      Waiter after = waiter.next;
      if (mine == null || waiter.ticket != mine) {
        if (tryCommit(mine, waiter.ticket)) {
          queue.remove(waiter);
          return waiter;
        }
        if (mine != null && mine.isCommitted()) {
          return null;
        }
        queue.remove(waiter);
      }
      waiter = after;
    }
    return null;
  }

  /** Removes the next waiter that can be served; commits its ticket and {@code mine}. */
  static @Nullable Waiter next(WaitQueue queue, @Nullable SelectTicket mine) {
    Waiter first = queue.peek();
    return first == null || (first.ticket == null && mine == null)
        ? queue.poll()
        : poll(queue, mine);
  }

  /**
   * Home loop: ends all waiters of {@code queue} that can be served with {@code answer}; null is
   * empty.
   */
  static void endAll(@Nullable WaitQueue queue, Object answer) {
    if (queue != null) {
      for (Waiter waiter = next(queue, null); waiter != null; waiter = next(queue, null)) {
        waiter.end(answer);
      }
    }
  }
}
