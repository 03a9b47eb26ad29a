package dev.goasync.sync;

import dev.goasync.internal.loop.Loop;
import java.util.Objects;

/**
 * Where one run of a {@link CrossLoopSelect} stands at a channel, on whichever loop that lives.
 * What is sent there arrives in order, so a place that has left is never entered again.
 */
final class RemoteClause extends Waiter {
  private final CrossLoopSelect selection;
  private final ChannelClause<?> ofChannel;
  private final Channel<?> channel;
  private final boolean stay;
  private final SelectTicket decision;

  /** Tells that the channel's loop ends, while the place stands there. */
  private final Runnable onHomeClosed = this::homeEnds;

  /**
   * @param stay whether it waits if it cannot be served at once
   */
  RemoteClause(CrossLoopSelect selection, ChannelClause<?> ofChannel, boolean stay) {
    super(ofChannel.channel());
    this.selection = selection;
    this.ofChannel = ofChannel;
    this.channel = ofChannel.channel();
    this.stay = stay;
    this.decision = selection.claim;
    this.claim = decision;
    ofChannel.prepare(this);
    prepareAgain();
  }

  // ---- the selection's home ----

  /** Goes to the channel, and is served there, waits or says that it is not ready. */
  void ask() {
    channel.home.execute(this::arrive);
  }

  /** Leaves no trace of {@link #ask}. */
  void leave() {
    channel.home.executeQuietly(this::depart);
  }

  private void deliver() {
    ofChannel.writerToFlush(Objects.requireNonNull(answer));
    selection.end(ofChannel);
  }

  // ---- the channel's home ----

  private void arrive() {
    if (channel.home != selection.home) {
      channel.remoteCalls++;
    }
    if (decision.isTaken() || channel.tryBegin(this) || decision.isTaken()) {
      return;
    }
    if (stay) {
      channel.waits++;
      channel.enqueue(this);
      channel.home.addCloseListener(onHomeClosed);
    } else {
      selection.home.executeQuietly(selection::notReady);
    }
  }

  private void depart() {
    if (queue != null) {
      queue.remove(this);
    }
    channel.home.removeCloseListener(onHomeClosed);
  }

  /** It was served by one who has the claim. */
  @Override
  void resume() {
    channel.home.removeCloseListener(onHomeClosed);
    selection.home.executeQuietly(this::deliver);
  }

  private void homeEnds() {
    if (decision.take()) {
      Loop home = selection.home;
      home.executeQuietly(() -> selection.end(new Refused(channel.closedHome(null))));
    }
  }
}
