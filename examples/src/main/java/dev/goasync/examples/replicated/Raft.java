package dev.goasync.examples.replicated;

import dev.goasync.examples.replicated.Message.AppendAnswer;
import dev.goasync.examples.replicated.Message.AppendRequest;
import dev.goasync.examples.replicated.Message.ClientAnswer;
import dev.goasync.examples.replicated.Message.PeerRequest;
import dev.goasync.examples.replicated.Message.VoteAnswer;
import dev.goasync.examples.replicated.Message.VoteRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The consensus algorithm Raft: what a node does with messages and when time passes. The names are
 * those of figure 2 of the paper.
 *
 * <pre>
 *              no leader for the election timeout        votes of a majority
 *   FOLLOWER ───────────────────────────────► CANDIDATE ─────────────────────► LEADER
 *      ▲ ▲          (again after a timeout: ↺)     │                             │
 *      │ └──────── a leader of the term, or a higher term                        │
 *      └──────────── a higher term, or no majority has answered for a while ─────┘
 * </pre>
 *
 * <p>Methods that throw IOException wait for the disk in the middle of a change: the caller holds
 * the node's lock, and stops the node after an exception. The remaining methods only read, and see
 * the state from before a change or after it.
 */
class Raft {
  static final Duration HEARTBEAT = Duration.ofMillis(200);
  private static final long MIN_ELECTION_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int NO_NODE = VoteFile.NONE;
  private static final int MAX_ENTRIES = 64;

  /** What a node is in its term. */
  enum Role {
    FOLLOWER,
    CANDIDATE,
    LEADER
  }

  /** What a candidate or a leader knows of another member in this term. */
  private static final class Peer {
    boolean asked;
    boolean granted;
    long nextIndex;
    long matchIndex;
    long sentCommit;
    long sentNanos;
    long answeredNanos;
  }

  private final int self;
  private final Peer[] members;
  private final VoteFile state;
  private final LogFile log;
  private final Store store;
  private final Surroundings surroundings;
  private final Map<Long, Pending> proposals = new HashMap<>();
  private Role role = Role.FOLLOWER;
  private int leader = NO_NODE;
  private long commitIndex;
  private long electionNanos;

  /** A proposal, and the term in which its entry was added. */
  private record Pending(long term, Proposal proposal) {}

  /**
   * What the algorithm needs from its node.
   *
   * @param clock a clock that is never set, in nanoseconds
   * @param random chooses the election timeouts
   * @param changed is run when there may be something to send
   * @param leads receives the term when the node becomes its leader
   */
  record Surroundings(
      LongSupplier clock, RandomGenerator random, Runnable changed, LongConsumer leads) {}

  /**
   * @param self the number of this node, from 1 to {@code size}
   */
  Raft(int self, int size, VoteFile state, LogFile log, Store store, Surroundings surroundings) {
    this.self = self;
    this.members = new Peer[size + 1];
    this.state = state;
    this.log = log;
    this.store = store;
    this.surroundings = surroundings;
    resetMembers();
    resetElectionTimer();
  }

  private void resetMembers() {
    for (int i = 1; i < members.length; i++) {
      Peer peer = new Peer();
      peer.nextIndex = log.lastIndex() + 1;
      peer.sentNanos = now() - HEARTBEAT.toNanos();
      peer.answeredNanos = now();
      members[i] = peer;
    }
  }

  private long now() {
    return surroundings.clock().getAsLong();
  }

  private void resetElectionTimer() {
    electionNanos = now() + MIN_ELECTION_NANOS + surroundings.random().nextLong(MIN_ELECTION_NANOS);
  }

  final boolean isLeader() {
    return role == Role.LEADER;
  }

  /** The number of the leader that the node knows, 0 if it knows none. */
  final int leader() {
    return leader;
  }

  // ---- elections ----

  /** The time until {@link #passTime} has something to do. */
  final Duration untilElection() {
    return Duration.ofNanos(Math.max(0, electionNanos - now()));
  }

  /** Becomes a candidate if there was no leader for long, and a follower if no majority answers. */
  final void passTime() throws IOException {
    if (electionNanos - now() > 0) {
      return;
    }
    resetElectionTimer();
    if (role != Role.LEADER) {
      startElection();
    } else if (!hearsMajority()) {
      becomeFollower(NO_NODE);
    }
  }

  private void startElection() throws IOException {
    state.save(state.term() + 1, self);
    becomeFollower(NO_NODE);
    role = Role.CANDIDATE;
    resetMembers();
    members[self].granted = true;
    leadIfElected();
    surroundings.changed().run();
  }

  private void leadIfElected() throws IOException {
    int votes = 0;
    for (int i = 1; i < members.length; i++) {
      votes += members[i].granted ? 1 : 0;
    }
    if (isMajority(votes)) {
      role = Role.LEADER;
      leader = self;
      resetMembers();
      surroundings.leads().accept(state.term());
      add(Command.NOTHING); // entries of earlier terms are committed with one of this term
    }
  }

  private boolean isMajority(int count) {
    return 2 * count > members.length - 1;
  }

  private boolean hearsMajority() {
    int count = 1;
    for (int i = 1; i < members.length; i++) {
      boolean answers = now() - members[i].answeredNanos < MIN_ELECTION_NANOS;
      count += i != self && answers ? 1 : 0;
    }
    return isMajority(count);
  }

  final VoteAnswer vote(VoteRequest request) throws IOException {
    observe(request.term());
    boolean isComplete =
        request.lastTerm() > log.lastTerm()
            || (request.lastTerm() == log.lastTerm() && request.lastIndex() >= log.lastIndex());
    boolean isFree = state.vote() == NO_NODE || state.vote() == request.candidate();
    boolean granted = request.term() == state.term() && isComplete && isFree;
    if (granted) {
      state.save(state.term(), request.candidate());
      resetElectionTimer();
    }
    return new VoteAnswer(state.term(), granted);
  }

  final void answered(int member, VoteRequest request, VoteAnswer answer) throws IOException {
    observe(answer.term());
    if (role == Role.CANDIDATE && request.term() == state.term() && answer.granted()) {
      members[member].granted = true;
      leadIfElected();
    }
  }

  /** Goes on to a higher term, in which this node is a follower. */
  private void observe(long term) throws IOException {
    if (term > state.term()) {
      state.save(term, NO_NODE);
      becomeFollower(NO_NODE);
    }
  }

  private void becomeFollower(int ofLeader) {
    role = Role.FOLLOWER;
    leader = ofLeader;
    proposals.values().forEach(each -> each.proposal.complete(ClientAnswer.refusal(NO_NODE)));
    proposals.clear();
  }

  // ---- the log ----

  /** Adds a command to the log of the leader; returns null if this node is not the leader. */
  final @Nullable Proposal propose(Command command) throws IOException {
    if (role != Role.LEADER) {
      return null;
    }
    Proposal proposal = newProposal();
    proposals.put(log.lastIndex() + 1, new Pending(state.term(), proposal));
    add(command);
    return proposal;
  }

  Proposal newProposal() {
    return new Proposal();
  }

  private void add(Command command) throws IOException {
    log.append(List.of(new Entry(state.term(), command)));
    members[self].matchIndex = log.lastIndex();
    commitWhatMajorityHas();
    surroundings.changed().run();
  }

  final AppendAnswer append(AppendRequest request) throws IOException {
    observe(request.term());
    if (request.term() < state.term()) {
      return new AppendAnswer(state.term(), false, log.lastIndex());
    }
    becomeFollower(request.leader());
    resetElectionTimer();
    long previous = request.previousIndex();
    if (!log.contains(previous, request.previousTerm())) {
      return new AppendAnswer(state.term(), false, Math.min(log.lastIndex(), previous - 1));
    }
    log.replaceAfter(previous, request.entries());
    long last = previous + request.entries().size();
    commit(Math.min(request.committed(), last));
    return new AppendAnswer(state.term(), true, last);
  }

  final void answered(int member, AppendRequest request, AppendAnswer answer) throws IOException {
    observe(answer.term());
    if (role != Role.LEADER || request.term() != state.term()) {
      return;
    }
    Peer peer = members[member];
    peer.answeredNanos = now();
    if (answer.matches()) {
      peer.matchIndex = Math.max(peer.matchIndex, answer.lastIndex());
      peer.nextIndex = peer.matchIndex + 1;
      commitWhatMajorityHas();
    } else {
      peer.nextIndex = Math.max(1, Math.min(peer.nextIndex - 1, answer.lastIndex() + 1));
    }
  }

  private void commitWhatMajorityHas() {
    long[] matches = new long[members.length - 1];
    for (int i = 1; i < members.length; i++) {
      matches[i - 1] = members[i].matchIndex;
    }
    Arrays.sort(matches);
    long index = matches[(matches.length - 1) / 2];
    if (index > commitIndex && log.termAt(index) == state.term()) {
      commit(index);
      surroundings.changed().run();
    }
  }

  private void commit(long index) {
    while (commitIndex < index) {
      commitIndex++;
      Entry entry = log.entry(commitIndex);
      String result = store.apply(commitIndex, entry.command());
      Pending pending = proposals.remove(commitIndex);
      if (pending != null) {
        pending.proposal.complete(
            pending.term == entry.term()
                ? new ClientAnswer(true, self, result != null, result == null ? "" : result)
                : ClientAnswer.refusal(NO_NODE));
      }
    }
  }

  // ---- what is to be sent ----

  /** The next request to a member; null if there is nothing to send now. */
  final @Nullable PeerRequest requestFor(int member) {
    Peer peer = members[member];
    return switch (role) {
      case FOLLOWER -> null;
      case CANDIDATE -> {
        boolean asked = peer.asked;
        peer.asked = true;
        yield asked ? null : new VoteRequest(state.term(), self, log.lastIndex(), log.lastTerm());
      }
      case LEADER -> isDue(peer) ? appendRequest(peer) : null;
    };
  }

  private boolean isDue(Peer peer) {
    return peer.nextIndex <= log.lastIndex()
        || peer.sentCommit < commitIndex
        || now() - peer.sentNanos >= HEARTBEAT.toNanos();
  }

  private AppendRequest appendRequest(Peer peer) {
    peer.sentNanos = now();
    peer.sentCommit = commitIndex;
    long previous = Math.min(peer.nextIndex - 1, log.lastIndex());
    return new AppendRequest(
        state.term(),
        self,
        previous,
        log.termAt(previous),
        log.after(previous, MAX_ENTRIES),
        commitIndex);
  }
}
