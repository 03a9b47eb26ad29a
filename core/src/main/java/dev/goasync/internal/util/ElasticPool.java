package dev.goasync.internal.util;

import java.io.Serial;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that start when all there are have work, up to a number, and end when idle. What comes
 * when all of that number have work waits its turn. Any thread.
 */
public final class ElasticPool implements Executor {
  private static final int IDLE_SECONDS = 10;

  private final Handover work = new Handover();
  private final ThreadPoolExecutor threads;

  /**
   * @param most how many threads there may be; {@link Integer#MAX_VALUE} for no limit
   */
  public ElasticPool(int most, ThreadFactory factory) {
    threads =
        new ThreadPoolExecutor(
            1, most, IDLE_SECONDS, TimeUnit.SECONDS, work, factory, (kept, _) -> keep(kept));
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable command) {
    threads.execute(command);
  }

  private void keep(Runnable command) {
    work.keep(command);
    threads.prestartCoreThread(); // if all have just ended
  }

  /**
   * Has work done by a thread that waits for some. Left to itself, the JDK's pool would start a
   * thread for each piece until it has all, however many are idle.
   */
  private static final class Handover extends LinkedTransferQueue<Runnable> {
    @Serial private static final long serialVersionUID = 1;

    /** Refuses what no thread waits for: the pool starts one more, or has all and keeps it. */
    @Override
    public boolean offer(Runnable command) {
      return tryTransfer(command);
    }

    void keep(Runnable command) {
      super.offer(command);
    }
  }
}
