package dev.goasync.examples.replicated;

import dev.goasync.examples.replicated.Message.ClientAnswer;
import dev.goasync.sync.Event;
import org.jspecify.annotations.Nullable;

/** A command that a leader has added to its log, for which a client waits. */
class Proposal {
  private final Event answered = Event.manualReset();
  private @Nullable ClientAnswer answer;

  /** Sets the answer, once. */
  void complete(ClientAnswer result) {
    answer = result;
    answered.set();
  }

  /** Waits for the answer. */
  ClientAnswer await() {
    ClientAnswer known;
    while ((known = answer) == null) {
      answered.await();
    }
    return known;
  }
}
