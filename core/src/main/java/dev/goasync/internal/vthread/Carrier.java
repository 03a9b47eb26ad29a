package dev.goasync.internal.vthread;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The place where the strands of one executor run, one at a time.
 *
 * <p>With the door open the executor receives each strand's continuation and runs it on its own
 * thread. With the door shut it receives a request for the <em>baton</em>: running the request
 * hands the baton to the strand and blocks the executor's thread until the strand gives it back.
 */
public final class Carrier {
  final Executor executor;
  private final Thread.Builder.OfVirtual builder;

  /** Who holds the baton; null while the executor's thread runs. Written by whoever holds it. */
  private volatile @Nullable Strand holder;

  /** The executor's thread while it waits for the baton. */
  private volatile @Nullable Thread lender;

  /** Strands will run where {@code executor} runs what it is given, in the order it chooses. */
  public Carrier(Executor executor) {
    this.executor = executor;
    this.builder = Door.builder(executor);
  }

  Thread newThread(Runnable body) {
    return builder.unstarted(body);
  }

  /** Executor's thread: lends the baton to {@code strand} and waits until it comes back. */
  void lend(Strand strand) {
    lender = Thread.currentThread();
    strand.beforeBaton();
    holder = strand;
    strand.wakeWithBaton();
    boolean interrupted = false;
    while (holder != null) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The holder's thread: gives the baton back. */
  void giveBack() {
    Thread waiting = lender;
    holder = null;
    LockSupport.unpark(waiting);
  }

  boolean isHeldBy(Strand strand) {
    return holder == strand;
  }
}
