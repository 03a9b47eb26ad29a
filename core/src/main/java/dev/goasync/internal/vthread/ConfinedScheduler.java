package dev.goasync.internal.vthread;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place where the strands of one executor run, one at a time.
 *
 * <p>With the door open the executor receives each strand's continuation and runs it on its own
 * thread. With the door shut it receives a {@link Request} for the <em>baton</em>: running it hands
 * the baton to the strand and blocks the executor's thread until the baton is given back. Whoever
 * holds it may pass it on if the next to run is another request, which spares two hand-overs
 * between threads.
 */
public final class ConfinedScheduler {
  final Executor executor;
  private final Thread.Builder.OfVirtual builder;

  /** Who holds the baton; null while the executor's thread runs. Written by whoever holds it. */
  private volatile @Nullable ConfinedThread holder;

  /** The executor's thread while it waits for the baton. */
  private volatile @Nullable Thread lender;

  private final Supplier<@Nullable Request> succession;

  /** What a strand wants of the executor: the baton. */
  public final class Request implements Runnable {
    private final ConfinedThread strand;

    Request(ConfinedThread strand) {
      this.strand = strand;
    }

    @Override
    public void run() {
      lend(strand);
    }
  }

  /** Strands will run where {@code executor} runs what it is given, in the order it chooses. */
  public ConfinedScheduler(Executor executor) {
    this(executor, () -> null);
  }

  /**
   * @param succession called by a strand that gives the baton back: takes from the executor what it
   *     would run next, if that is a request; else null
   */
  public ConfinedScheduler(Executor executor, Supplier<@Nullable Request> succession) {
    this.executor = executor;
    this.succession = succession;
    this.builder = SchedulerAccess.builder(executor);
  }

  Thread newThread(Runnable body) {
    return builder.unstarted(body);
  }

  /** Executor's thread: lends the baton to {@code strand} and waits until it comes back. */
  private void lend(ConfinedThread strand) {
    lender = Thread.currentThread();
    handTo(strand);
    boolean interrupted = false;
    while (holder != null) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void handTo(ConfinedThread strand) {
    strand.beforeBaton();
    holder = strand;
    strand.wakeWithRunPermit();
  }

  /** The holder's thread: gives the baton to who is next, or back. */
  void release() {
    Request next = succession.get();
    if (next != null) {
      handTo(next.strand);
      return;
    }
    Thread waiting = lender;
    holder = null;
    LockSupport.unpark(waiting);
  }

  boolean isHeldBy(ConfinedThread strand) {
    return holder == strand;
  }
}
