package dev.goasync.process;

import dev.goasync.GoAsync;
import dev.goasync.internal.loop.Belongings;
import dev.goasync.internal.loop.Poller;
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
final class Ending implements Belongings.Belonging {
  private static final Duration UNTIL_NEXT_LOOK = Duration.ofMillis(1);

  private final AsyncProcess process;
  private final ChildHandle handle;
  private final Duration grace;
  private final @Nullable Belongings belongings;
  private boolean asked; // guarded by this

  /** Belongs to {@code belongings} from now on. */
  Ending(AsyncProcess process, ChildHandle handle, @Nullable Belongings belongings) {
    this.process = process;
    this.handle = handle;
    this.grace = process.command().settings().grace;
    this.belongings = belongings;
    if (belongings != null) {
      belongings.add(this);
    }
  }

  @Override
  public void askToEnd() {
    synchronized (this) {
      if (asked) {
        return;
      }
      asked = true;
    }
    if (grace.isZero()) {
      signal(Signals.KILL);
    } else {
      process.hangUp();
      signal(Signals.TERM);
      signal(Signals.CONT); // one that is stopped could not obey
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
      askToEnd();
      GoAsync.shielded(this::awaitEnd);
    }
    process.closeStreams();
    handle.close();
    if (belongings != null) {
      belongings.remove(this);
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
        signal(Signals.KILL);
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
