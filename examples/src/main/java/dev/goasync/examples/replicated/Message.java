package dev.goasync.examples.replicated;

import java.util.List;

/** A message between nodes, or between a client and a node. Each request gets one answer. */
sealed interface Message {
  /** A request of a node. */
  sealed interface PeerRequest extends Message {
    long term();
  }

  /** A candidate asks for a vote. Its last entry shows how complete its log is. */
  record VoteRequest(long term, int candidate, long lastIndex, long lastTerm)
      implements PeerRequest {}

  record VoteAnswer(long term, boolean granted) implements Message {}

  /** A leader sends entries, or none to show that it is there. */
  record AppendRequest(
      long term,
      int leader,
      long previousIndex,
      long previousTerm,
      List<Entry> entries,
      long committed)
      implements PeerRequest {}

  /**
   * The answer to entries.
   *
   * @param matches whether the log has the entry before those that were sent
   * @param lastIndex the last index that matches; if none is known to, a guess
   */
  record AppendAnswer(long term, boolean matches, long lastIndex) implements Message {}

  record ClientRequest(Command command) implements Message {}

  /**
   * The answer to a client.
   *
   * @param done whether the command was applied
   * @param leader the number of the node to ask, 0 if it is not known
   * @param found whether there is a value
   */
  record ClientAnswer(boolean done, int leader, boolean found, String value) implements Message {
    static ClientAnswer refusal(int leader) {
      return new ClientAnswer(false, leader, false, "");
    }
  }
}
