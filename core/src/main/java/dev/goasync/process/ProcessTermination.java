package dev.goasync.process;

import dev.goasync.GoAsync;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ScopeResources;
import dev.goasync.internal.platform.ChildHandle;
import dev.goasync.internal.util.RuntimeCounters;
import dev.goasync.system.Signal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Ends a process. The steps, of which each is skipped if the process has ended:
 *
 * <ol>
 *   <li>{@link #requestClose}, once: with a grace period, hang up the terminal, send SIGTERM, and
 *       SIGCONT so that a stopped process can handle it; without one, send SIGKILL. Never waits, so
 *       a scope or a pipeline requests this of all its processes first.
 *   <li>{@link #end}: wait for the grace period, send SIGKILL, and wait for the end. A cancel has
 *       no effect on this; an interrupt ends the grace period, and is set again afterwards.
 *   <li>{@link #end}: close the streams and the process descriptor.
 * </ol>
 *
 * <p>With a process group every signal goes to the group, and members that outlive their leader are
 * killed.
 */
final class ProcessTermination implements ScopeResources.ScopeResource {
  /** Between two looks at a process that cannot be waited for. */
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(1);

  private final AsyncProcess process;
  private final ChildHandle handle;
  private final Duration grace;
  private final @Nullable ScopeResources resources;
  private boolean requested; // guarded by this
  private boolean ended; // guarded by this

  /** Registers with {@code resources}, the scope that the process was started in. */
  ProcessTermination(AsyncProcess process, ChildHandle handle, @Nullable ScopeResources resources) {
    this.process = process;
    this.handle = handle;
    this.grace = process.command().settings().grace;
    this.resources = resources;
    RuntimeCounters.PROCESSES_STARTED.increment();
    if (resources != null) {
      resources.add(this);
    }
  }

  @Override
  public void requestClose() {
    synchronized (this) {
      if (requested) {
        return;
      }
      requested = true;
    }
    if (grace.isZero()) {
      signal(Signal.KILL);
    } else {
      process.hangUp();
      signal(Signal.TERM);
      signal(Signal.CONT);
    }
  }

  private void signal(Signal signal) {
    try {
      handle.signal(signal.number(), process.hasGroup());
    } catch (IOException | UnsupportedOperationException notPossible) {
      // TERM and CONT: KILL follows. KILL: the process has another user, and is waited for
    }
  }

  @Override
  public void end() {
    if (process.hasGroup()) {
      handle.killGroupAtEnd();
    }
    if (process.isAlive()) {
      requestClose();
      GoAsync.shielded(this::awaitEnd);
    }
    process.recordExit(handle.exitCode());
    process.closeStreams();
    handle.close();
    countOnce();
    if (resources != null) {
      resources.remove(this);
    }
  }

  private synchronized void countOnce() {
    if (!ended) {
      ended = true;
      RuntimeCounters.PROCESSES_CLOSED.increment();
    }
  }

  private void awaitEnd() {
    boolean interrupted = Thread.interrupted();
    boolean ended = false;
    Duration graceLeft = interrupted ? Duration.ZERO : grace;
    while (!ended) {
      try {
        ended =
            graceLeft == null
                ? handle.awaitExit(Poller.FOREVER)
                : AsyncProcess.awaitWithin(handle, graceLeft);
      } catch (CancellationException | InterruptedIOException stopped) {
        interrupted |= Thread.interrupted();
      } catch (IOException cannotWait) {
        interrupted |= !sleptBeforeRetry();
      }
      ended = !process.isAlive();
      if (!ended && graceLeft != null) {
        signal(Signal.KILL);
        graceLeft = null;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean sleptBeforeRetry() {
    try {
      GoAsync.sleep(RETRY_INTERVAL);
      return true;
    } catch (CancellationException interrupted) {
      return !Thread.interrupted();
    }
  }
}
