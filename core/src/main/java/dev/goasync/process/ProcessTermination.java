package dev.goasync.process;

import dev.goasync.GoAsync;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ScopeResources;
import dev.goasync.internal.platform.ChildHandle;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * How a process is ended: told to, given its grace, killed, waited for. Neither a cancel nor an
 * interrupt keeps it from that; an interrupt cuts the grace short.
 */
final class ProcessTermination implements ScopeResources.ScopeResource {
  private static final Duration UNTIL_NEXT_LOOK = Duration.ofMillis(1);

  private final AsyncProcess process;
  private final ChildHandle handle;
  private final Duration grace;
  private final @Nullable ScopeResources resources;
  private boolean asked; // guarded by this

  /** Belongs to {@code resources} from now on. */
  ProcessTermination(AsyncProcess process, ChildHandle handle, @Nullable ScopeResources resources) {
    this.process = process;
    this.handle = handle;
    this.grace = process.command().settings().grace;
    this.resources = resources;
    if (resources != null) {
      resources.add(this);
    }
  }

  @Override
  public void requestClose() {
    synchronized (this) {
      if (asked) {
        return;
      }
      asked = true;
    }
    if (grace.isZero()) {
      signal(SignalNumbers.KILL);
    } else {
      process.hangUp();
      signal(SignalNumbers.TERM);
      signal(SignalNumbers.CONT); // one that is stopped could not obey
    }
  }

  private void signal(int number) {
    try {
      handle.signal(number, process.hasGroup());
    } catch (IOException | UnsupportedOperationException notPossible) {
      // of TERM and CONT: KILL comes later; of KILL: it is another user's, and waited for
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
    process.closeStreams();
    handle.close();
    if (resources != null) {
      resources.remove(this);
    }
  }

  private void awaitEnd() {
    boolean interrupted = Thread.interrupted();
    boolean over = false;
    Duration patience = interrupted ? Duration.ZERO : grace;
    while (!over) {
      try {
        over =
            patience == null
                ? handle.awaitExit(Poller.FOREVER)
                : AsyncProcess.awaitWithin(handle, patience);
      } catch (CancellationException | InterruptedIOException impatient) {
        interrupted |= Thread.interrupted();
      } catch (IOException nothingToWaitWith) {
        interrupted |= !sleptUntilNextLook();
      }
      over = !process.isAlive();
      if (!over && patience != null) {
        signal(SignalNumbers.KILL);
        patience = null;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean sleptUntilNextLook() {
    try {
      GoAsync.sleep(UNTIL_NEXT_LOOK);
      return true;
    } catch (CancellationException interrupted) {
      return !Thread.interrupted();
    }
  }
}
