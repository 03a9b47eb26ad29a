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
 * One run of a select whose channels have several home loops. Its own home loop is the caller's,
 * which does not end while the caller waits there.
 *
 * <p>The protocol is described in {@link Select}, under "Several loops".
 */
final class CrossLoopSelect extends Selection {
  private final SelectTicket ticket = new SelectTicket();
  private final List<RemoteClause> remoteClauses = new ArrayList<>();
  private @Nullable Waiter waiter;
  private int unanswered;

  CrossLoopSelect(EventLoop home, List<Clause> clauses) {
    super(home, clauses);
  }

  @Override
  void begin(Waiter choosing) {
    if (choosing.fiber() == null && home.isCurrent() && Fiber.currentIncludingSync() != null) {
      throw new IllegalStateException(
          "inside sync, a coroutine cannot select over channels of several loops: their answers"
              + " arrive on the loop that sync blocks; select outside sync");
    }
    waiter = choosing;
    boolean stay = choosing.operation == CHOOSE;
    int first = home.nextRandomInt(clauses.size());
    for (int i = 0; i < clauses.size() && waiter != null; i++) {
      Clause each = clauses.get((first + i) % clauses.size());
      if (each instanceof Clause.OfChannel<?> ofChannel) {
        unanswered++;
        ask(new RemoteClause(ofChannel, stay));
      } else if (each.isReady()) {
        performed(each);
      } else if (stay) {
        each.register(this);
      }
    }
  }

  private void ask(RemoteClause remote) {
    try {
      remote.ask();
      remoteClauses.add(remote);
    } catch (RejectedExecutionException closed) {
      tryEnd(new Waiter.Refused(remote.primitive.homeClosed(closed)));
    }
  }

  // ---- what ends the run; home loop ----

  @Override
  void performed(Clause clause) {
    tryEnd(clause);
  }

  @Override
  void withdraw(Waiter choosing, Object answer) {
    tryEnd(answer);
  }

  /** A channel's loop has answered a {@link #TRY}: the clause is not ready. */
  private void notReady() {
    if (--unanswered == 0) {
      tryEnd(Waiter.Outcome.NOT_READY);
    }
  }

  private void tryEnd(Object answer) {
    if (ticket.tryCommit()) {
      end(answer);
    }
  }

  /** Ends the run; the ticket is committed for this answer. */
  private void end(Object answer) {
    Waiter choosing = Objects.requireNonNull(waiter);
    waiter = null;
    for (RemoteClause remote : remoteClauses) {
      remote.leave();
    }
    for (Clause each : clauses) {
      if (each.selection == this) {
        each.unregister();
      }
    }
    choosing.end(answer);
  }

  // ---- for deadlock detection ----

  @Override
  boolean isExternal(Waiter choosing) {
    return true;
  }

  /** Null: the answers come from several loops. */
  @Override
  @Nullable Loop awaitedByThreads() {
    return null;
  }

  /**
   * The entry of this run in the queue of one channel. Messages to the channel's loop arrive in
   * order, so an entry that has left is never queued again.
   */
  private final class RemoteClause extends Waiter {
    private final Clause.OfChannel<?> ofChannel;
    private final Channel<?> channel;
    private final boolean stay;

    /** Refuses the run if the channel's loop closes while the entry is queued. */
    private final Runnable onChannelHomeClosed = this::channelHomeClosed;

    /**
     * @param stay whether the entry is queued if the channel cannot serve it at once
     */
    RemoteClause(Clause.OfChannel<?> ofChannel, boolean stay) {
      super(ofChannel.channel());
      this.ofChannel = ofChannel;
      this.channel = ofChannel.channel();
      this.stay = stay;
      this.ticket = CrossLoopSelect.this.ticket;
      ofChannel.prepare(this);
      prepareAgain();
    }

    // ---- the selection's home loop ----

    /** Sends the entry to the channel's loop. */
    void ask() {
      channel.home.execute(this::arrive);
    }

    /** Removes the entry from the channel. */
    void leave() {
      channel.home.executeQuietly(this::depart);
    }

    private void deliver() {
      ofChannel.setAnswer(Objects.requireNonNull(answer));
      CrossLoopSelect.this.end(ofChannel);
    }

    // ---- the channel's home loop ----

    private void arrive() {
      SelectTicket shared = CrossLoopSelect.this.ticket;
      if (channel.home != CrossLoopSelect.this.home) {
        channel.remoteCalls++;
      }
      if (shared.isCommitted() || channel.tryBegin(this) || shared.isCommitted()) {
        return;
      }
      if (stay) {
        channel.suspensions++;
        channel.enqueue(this);
        channel.home.addCloseListener(onChannelHomeClosed);
      } else {
        CrossLoopSelect.this.home.executeQuietly(CrossLoopSelect.this::notReady);
      }
    }

    private void depart() {
      if (queue != null) {
        queue.remove(this);
      }
      channel.home.removeCloseListener(onChannelHomeClosed);
    }

    /** The channel has served the entry, after the ticket was committed for it. */
    @Override
    void resume() {
      channel.home.removeCloseListener(onChannelHomeClosed);
      CrossLoopSelect.this.home.executeQuietly(this::deliver);
    }

    private void channelHomeClosed() {
      if (CrossLoopSelect.this.ticket.tryCommit()) {
        Refused refused = new Refused(channel.homeClosed(null));
        CrossLoopSelect.this.home.executeQuietly(() -> CrossLoopSelect.this.end(refused));
      }
    }
  }
}
