package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One run of a select whose channels live on several loops. Its own home is its caller's loop,
 * which does not end while the caller waits there.
 *
 * <p>Protocol: it sends a {@link RemoteClause} to each channel's loop. Whoever wants to decide the
 * run, be it a channel's loop that serves a place, or this home because of a timer, a task, or a
 * caller who gives up, takes the {@link SelectTicket} first; who does not get it does nothing. A
 * decision that was made on another loop comes here as a message, and the caller waits for it, even
 * if cancelled meanwhile.
 */
final class CrossLoopSelect extends Selection {
  final SelectTicket claim = new SelectTicket();
  private final List<RemoteClause> places = new ArrayList<>();
  private @Nullable Waiter waiter;
  private int unanswered;

  CrossLoopSelect(EventLoop home, List<Clause> cases) {
    super(home, cases);
  }

  @Override
  void begin(Waiter asked) {
    if (asked.fiber() == null && home.isCurrent() && Fiber.currentIncludingSync() != null) {
      throw new IllegalStateException(
          "inside sync, a coroutine cannot select over channels of other loops, whose answers come"
              + " to its own loop, which sync blocks; select outside sync");
    }
    waiter = asked;
    boolean stay = asked.operation == CHOOSE;
    int first = home.nextRandomInt(cases.size());
    for (int i = 0; i < cases.size() && waiter != null; i++) {
      Clause each = cases.get((first + i) % cases.size());
      if (each instanceof ChannelClause<?> ofChannel) {
        unanswered++;
        ask(new RemoteClause(this, ofChannel, stay));
      } else if (each.isReady()) {
        happened(each);
      } else if (stay) {
        each.enter(this);
      }
    }
  }

  private void ask(RemoteClause place) {
    try {
      place.ask();
      places.add(place);
    } catch (RejectedExecutionException closed) {
      conclude(new Waiter.Refused(place.primitive.closedHome(closed)));
    }
  }

  // ---- what ends it; home loop ----

  @Override
  void happened(Clause happened) {
    conclude(happened);
  }

  @Override
  void withdraw(Waiter withdrawn, Object answer) {
    conclude(answer);
  }

  /** A channel has nothing for a try. */
  void notReady() {
    if (--unanswered == 0) {
      conclude(NONE);
    }
  }

  private void conclude(Object answer) {
    if (claim.take()) {
      end(answer);
    }
  }

  /** Whoever calls has the claim. */
  void end(Object answer) {
    Waiter served = Objects.requireNonNull(waiter);
    waiter = null;
    for (RemoteClause place : places) {
      place.leave();
    }
    for (Clause each : cases) {
      if (each.selection == this) {
        each.leave();
      }
    }
    served.end(answer);
  }

  // ---- what it waits for ----

  @Override
  boolean isExternal(Waiter asked) {
    return true;
  }

  /** None: the answers come from several. */
  @Override
  @Nullable Loop awaitedByThreads() {
    return null;
  }
}
