package dev.goasync;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.task.Coroutines;
import dev.goasync.internal.task.SharedSecrets;
import dev.goasync.internal.task.StartSite;
import dev.goasync.internal.util.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A part of a coroutine's work that can be cancelled as a whole, with a deadline that can be moved
 * and a shield that can be switched while the work runs.
 *
 * <pre>{@code
 * CancelScope.run(scope -> {
 *   try (AsyncSocket peer = AsyncSocket.connect("localhost", 4711)) {
 *     scope.setTimeout(Duration.ofSeconds(30));
 *     for (String line = peer.readLine(); line != null; line = peer.readLine()) {
 *       scope.setTimeout(Duration.ofSeconds(30)); // 30 seconds for each line
 *     }
 *   }
 *   return null;
 * });
 * }</pre>
 *
 * <p>For a limit that does not move, {@link GoAsync#withTimeout} is shorter; for a shield around a
 * block, {@link GoAsync#shielded}. Scopes nest, also with those. If the deadlines of several scopes
 * have passed at once, the outermost one is reported.
 *
 * <p><b>Tasks.</b> The scope covers a {@link TaskScope} that runs inside it, with its tasks. Once a
 * cancel has been passed to these tasks, a shield does not undo it.
 *
 * <p><b>Threads.</b> {@link #setTimeout}, {@link #setDeadline}, {@link #removeDeadline}, {@link
 * #setShielded} and {@link #cancel} may be called from any thread. On the loop of the scope they
 * take effect at once, on other threads soon after. After the end of the scope they have no effect.
 */
public final class CancelScope {
  /**
   * Work that gets the scope in which it runs.
   *
   * @param <T> the type of the result
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object, X extends Exception> {
    /**
     * Does the work.
     *
     * @throws X as the caller of the scope declares
     */
    T run(CancelScope scope) throws X;
  }

  private final Loop loop;
  private final StartSite site;
  private final long start;
  private final dev.goasync.internal.loop.CancelScope scope;

  /** The deadline by the loop's clock, if one was set. Owned by the loop. */
  private long deadline;

  private CancelScope(Fiber fiber, StartSite site) {
    this.loop = fiber.loop();
    this.site = site;
    this.start = loop.time().nanoTime();
    this.scope = fiber.openScope(false);
  }

  /**
   * Runs {@code work} in a scope of its own. Outside coroutines the work runs in a new coroutine,
   * and the thread waits for it.
   *
   * @throws X what the work throws
   * @throws DeadlineExceededException if the work was cancelled because the deadline had passed
   * @throws CancellationException if the scope or the caller is cancelled or, outside coroutines,
   *     the thread is interrupted
   */
  public static <T extends @Nullable Object, X extends Exception> T run(Work<T, X> work) throws X {
    StartSite site = StartSite.of(Objects.requireNonNull(work, "work"));
    return Coroutines.<T, X>in(fiber -> new CancelScope(fiber, site).<T, X>call(fiber, work));
  }

  private <T extends @Nullable Object, X extends Exception> T call(Fiber fiber, Work<T, X> work)
      throws X {
    try {
      return work.run(this);
    } catch (Cancellation cancellation) {
      if (!cancellation.isFrom(scope) || !scope.isLimitReached()) {
        throw cancellation;
      }
      Duration timeout = Duration.ofNanos(Math.max(0, deadline - start));
      RuntimeException exceeded =
          SharedSecrets.get().deadlineExceeded("the work at " + site, timeout);
      exceeded.initCause(cancellation);
      throw exceeded;
    } finally {
      fiber.closeScope(scope);
    }
  }

  /**
   * Moves the deadline to {@code timeout} from now, earlier or later than before. A timeout of zero
   * cancels the work at its current or next wait. A deadline that has cancelled the work cannot be
   * moved.
   *
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public void setTimeout(Duration timeout) {
    moveDeadline(loop.time().nanoTime() + Durations.toNanos(timeout, "timeout"));
  }

  /**
   * Moves the deadline to an instant of the wall clock or of the loop's virtual clock, as {@link
   * #setTimeout} does. An instant in the past cancels the work at its current or next wait.
   */
  public void setDeadline(Instant deadline) {
    Duration left =
        Duration.between(loop.time().instant(), Objects.requireNonNull(deadline, "deadline"));
    setTimeout(left.isNegative() ? Duration.ZERO : left);
  }

  private void moveDeadline(long newDeadline) {
    onLoop(() -> {
      if (!scope.isCancelled()) {
        deadline = newDeadline;
        scope.moveLimit(newDeadline, "the work at " + site + " reached its deadline");
      }
    });
  }

  /** Removes the deadline. A deadline that has cancelled the work cannot be removed. */
  public void removeDeadline() {
    onLoop(scope::removeLimit);
  }

  /**
   * Switches the shield on or off. A scope with a shield is protected from cancels and deadlines
   * from outside it, not from its own. A cancel that came before or comes meanwhile takes effect
   * when the shield is switched off: at the current or next wait. A wait that a cancel has ended
   * already throws even if another coroutine then switches the shield on.
   */
  public void setShielded(boolean shielded) {
    onLoop(() -> scope.setShield(shielded));
  }

  /**
   * Cancels the work at its current or next wait; the coroutine outside the scope is not cancelled.
   *
   * @param reason the message of the {@link CancellationException}
   */
  public void cancel(String reason) {
    Objects.requireNonNull(reason, "reason");
    onLoop(() -> scope.cancel(reason));
  }

  private void onLoop(Runnable change) {
    if (loop.isCurrent()) {
      change.run();
    } else {
      loop.executeQuietly(change);
    }
  }
}
