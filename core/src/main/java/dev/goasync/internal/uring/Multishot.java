package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.Prefetch;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.FutureWait;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.util.SpinLock;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An operation that the kernel completes again and again, so that it is armed once and not for each
 * thing that comes. It is also what its one taker waits in.
 *
 * <p>Owned by the loop until it is {@link #off}. As the ring defers its work, the kernel completes
 * something only while the loop is in it, so whatever it has taken is here before a coroutine runs.
 */
abstract class Multishot extends Wait implements Prefetch {
  /** In place of what {@link #takeKept} returns when nothing more is known. */
  private static final int NOT_ENDED = 1;

  /** A loop that turns needs microseconds. */
  private static final long PATIENCE_MILLIS = 100;

  final MultishotRegistry all;
  final UringPoller poller;
  final Descriptor descriptor;

  /** The operation with the kernel; null if there is none. */
  private @Nullable UringOperation armed;

  private @Nullable Fiber taker;
  private boolean waiting;
  private int result;

  /** What comes after all that is kept, if it is not an ordinary completion: 0, or -errno. */
  private int ending = NOT_ENDED;

  private boolean endOrdered;

  /** Written under the lock; who sees it set owns what is kept, under the lock. */
  private volatile boolean off;

  private volatile boolean closing;
  private final SpinLock lock = new SpinLock();

  /** Guarded by the lock; completed when it is off. */
  private @Nullable CompletableFuture<@Nullable Void> over;

  Multishot(MultishotRegistry all, Descriptor descriptor) {
    this.all = all;
    this.poller = all.poller;
    this.descriptor = descriptor;
  }

  /** A fresh operation, but for its descriptor. */
  abstract UringOperation operation();

  /** The operation's own flags. */
  int operationFlags() {
    return 0;
  }

  /** Takes of what is kept for the taker; what it gets as result. */
  abstract int takeKept();

  /** Whether nothing comes after such a result. */
  abstract boolean isEnding(int last);

  /** Keeps, or gives to a taker that {@link #isWaitedFor}, what a completion brought. */
  abstract void keep(int completed, int flags);

  // ---- the taker ----

  /** Waits until something is kept, and takes it. */
  final int take(LinuxIo io) throws IOException {
    if (io != poller || taker != null) {
      end();
    }
    if (off) {
      return takeLeft();
    }
    Fiber fiber = UringPoller.fiber();
    fiber.checkCancelled();
    if (isReady()) {
      fiber.consumeBudget();
      return off ? takeLeft() : takeNow();
    }
    if (armed == null) {
      arm();
    }
    reset();
    taker = fiber;
    waiting = true;
    poller.pauseIn(this, fiber);
    taker = null;
    if (wasCancelled()) {
      throw fiber.cancellation();
    }
    if (closing && result < 0) {
      throw new AsynchronousCloseException();
    }
    return result == EXHAUSTED ? takeLeft() : result;
  }

  private int takeLeft() {
    lock.lock();
    try {
      return isReady() ? takeNow() : EXHAUSTED;
    } finally {
      lock.unlock();
    }
  }

  private int takeNow() {
    if (kept() > 0) {
      return takeKept();
    }
    int last = ending;
    ending = NOT_ENDED; // from here on the descriptor tells by itself
    return last;
  }

  @Override
  public final boolean isReady() {
    return kept() > 0 || ending != NOT_ENDED;
  }

  @Override
  protected final void cancel(Fiber cancelled) {
    if (waiting) {
      waiting = false;
      finishCancelled(cancelled);
    }
  }

  final boolean isWaitedFor() {
    return waiting;
  }

  /** Ends the taker's wait, if it waits. */
  final void wake(int withResult) {
    Fiber fiber = taker;
    if (waiting && fiber != null) {
      waiting = false;
      result = withResult;
      finish(fiber);
    }
  }

  // ---- the kernel: the loop's thread, or its current fiber ----

  private void arm() throws ClosedChannelException {
    armed = all.arm(this);
  }

  /** It was completed, for the last time if not {@code more}. */
  final void completed(int with, int flags, boolean more) {
    keep(with, flags);
    if (!more) {
      disarmed(with);
    }
  }

  /** Has the kernel stop, until all that is kept has been taken. */
  final void rest() {
    if (armed != null) {
      armed.stop();
    }
  }

  private void disarmed(int last) {
    UringOperation operation = armed;
    if (operation == null) {
      return;
    }
    boolean mayGoOn =
        switch (-last) {
          case Errno.EINTR, Errno.EAGAIN, Errno.ENOBUFS -> true;
          case Errno.ECANCELED -> operation.isStopAsked();
          default -> !isEnding(last);
        };
    if (!mayGoOn) {
      ending = last;
    }
    armed = null;
    all.disarm(operation, descriptor);
    if (endOrdered) {
      turnOff();
    } else if (waiting) {
      goOn();
    }
  }

  private void goOn() {
    if (isReady()) {
      wake(takeNow());
      return;
    }
    try {
      arm();
    } catch (ClosedChannelException closed) {
      closing = true;
      turnOff();
    }
  }

  // ---- the end ----

  /** Sees to it that it is off soon. The loop's thread, or its current fiber. */
  final void orderEnd() {
    endOrdered = true;
    if (armed != null) {
      armed.stop();
    } else if (!off) {
      turnOff();
    }
  }

  private void turnOff() {
    lock.lock();
    off = true;
    if (closing) {
      dropKept();
    }
    CompletableFuture<@Nullable Void> told = over;
    lock.unlock();
    wake(EXHAUSTED);
    if (told != null) {
      told.complete(null);
    }
  }

  /**
   * A thread does not wait for long, since the loop may be blocked, by what the close is to end.
   */
  @Override
  public final void endForClose() {
    closing = true;
    if (Fiber.current() != null || poller.isBlockedByCaller()) {
      end();
    } else if (!off) {
      CompletableFuture<@Nullable Void> told = whenOff();
      poller.onLoop(this::orderEnd);
      awaitAWhile(told);
    }
    lock.lock();
    if (off) {
      dropKept();
    }
    lock.unlock();
  }

  private static void awaitAWhile(CompletableFuture<@Nullable Void> told) {
    try {
      told.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException laterThen) {
      // the loop closes it when it turns
    }
  }

  /** Nobody will take what is kept. Under the lock, when it is off. */
  void dropKept() {}

  @Override
  public final void end() {
    if (off) {
      return;
    }
    if (poller.isBlockedByCaller()) { // who would wait for itself
      orderEnd();
      while (!off) {
        poller.poll(0);
      }
      return;
    }
    CompletableFuture<@Nullable Void> told = whenOff();
    poller.onLoop(this::orderEnd);
    FutureWait.awaitUncancellable(told, "the loop that serves " + descriptor);
  }

  private CompletableFuture<@Nullable Void> whenOff() {
    lock.lock();
    try {
      CompletableFuture<@Nullable Void> told = over;
      if (told == null) {
        told = new CompletableFuture<>();
        over = told;
      }
      if (off) {
        told.complete(null);
      }
      return told;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final boolean isExternal() {
    return true;
  }
}
