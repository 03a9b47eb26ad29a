package dev.goasync.sync;

import dev.goasync.internal.util.SpinLock;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The right to decide one run of a select that waits at several loops. Whoever takes it first has
 * its case happen; for all others that select is over. Where two such selects meet, both claims are
 * taken at once or none is: each is locked, the lower number first, so nobody waits in a circle.
 */
final class SelectTicket {
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.getAndIncrement();
  private final SpinLock lock = new SpinLock();
  private volatile boolean taken;

  /** Whether somebody has taken it; it is never given back. */
  boolean isTaken() {
    return taken;
  }

  /** Takes it, unless somebody else has. */
  boolean take() {
    lock.lock();
    boolean free = !taken;
    taken = true;
    lock.unlock();
    return free;
  }

  /** Takes both, or none if one of them is taken; null is always free. They are not the same. */
  static boolean take(@Nullable SelectTicket one, @Nullable SelectTicket other) {
    if (one == null || other == null) {
      SelectTicket only = one != null ? one : other;
      return only == null || only.take();
    }
    SelectTicket lower = one.number < other.number ? one : other;
    SelectTicket higher = lower == one ? other : one;
    lower.lock.lock();
    higher.lock.lock();
    boolean free = !lower.taken && !higher.taken;
    if (free) {
      lower.taken = true;
      higher.taken = true;
    }
    higher.lock.unlock();
    lower.lock.unlock();
    return free;
  }

  /**
   * Home loop: takes the first out of {@code queue} that can be served, and its claim and {@code
   * mine} with it. Those whose select has been decided leave the queue; what belongs to {@code
   * mine} itself stays, as a select does not meet itself.
   *
   * @return null if nobody can be served, or if {@code mine} is taken
   */
  static @Nullable Waiter poll(WaitQueue queue, @Nullable SelectTicket mine) {
    Waiter waiter = queue.peek();
    while (waiter != null) {
      Waiter after = waiter.next;
      if (mine == null || waiter.claim != mine) {
        if (take(mine, waiter.claim)) {
          queue.remove(waiter);
          return waiter;
        }
        if (mine != null && mine.isTaken()) {
          return null;
        }
        queue.remove(waiter);
      }
      waiter = after;
    }
    return null;
  }
}
