package dev.goasync.examples.replicated;

import dev.goasync.Body;
import dev.goasync.GoAsync;
import dev.goasync.examples.replicated.Message.ClientAnswer;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import dev.goasync.sync.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The store as it is, and with faults that the simulation has to find. */
enum Variant {
  CORRECT,
  VOTE_NOT_FORCED,
  LOST_WAKE_UP,
  STALE_READ,
  DOUBLE_APPLY,
  TORN_RECORD_ACCEPTED,
  UNBOUNDED_RETRY;

  Node open(
      List<Address> addresses, int self, Path directory, RandomGenerator random, LongConsumer leads)
      throws IOException {
    AsyncFiles.createDirectories(directory);
    VoteFile state =
        this == VOTE_NOT_FORCED ? new CarelessVoteFile(directory) : new VoteFile(directory);
    state.load();
    AsyncFile file = LogFile.open(directory);
    LogFile log = this == TORN_RECORD_ACCEPTED ? new TrustingLogFile(file) : new LogFile(file);
    log.load();
    Store store = this == DOUBLE_APPLY ? new ForgetfulStore(log.lastIndex()) : new Store();
    Node.Factory algorithm =
        (vote, entries, surroundings) ->
            this == LOST_WAKE_UP
                ? new HangingRaft(self, addresses.size(), vote, entries, store, surroundings)
                : new Raft(self, addresses.size(), vote, entries, store, surroundings);
    return this == STALE_READ
        ? new StaleNode(addresses, self, state, log, random, leads, algorithm, store)
        : new Node(addresses, self, state, log, random, leads, algorithm);
  }

  Client newClient(List<Address> addresses, Duration timeout, RandomGenerator random) {
    return this == UNBOUNDED_RETRY
        ? new EndlessClient(addresses, timeout, random)
        : new Client(addresses, timeout, random);
  }

  /** Writes term and vote, but does not force them. */
  private static final class CarelessVoteFile extends VoteFile {
    CarelessVoteFile(Path directory) {
      super(directory);
    }

    @Override
    void forceName(Path inDirectory) {}
  }

  /** Accepts a record whose end is missing, and does not compare checksums. */
  private static final class TrustingLogFile extends LogFile {
    TrustingLogFile(AsyncFile file) {
      super(file);
    }

    @Override
    byte @Nullable [] readRecord(ByteBuffer bytes) {
      if (bytes.remaining() < 2 * Integer.BYTES) {
        return null;
      }
      int length = bytes.getInt();
      int _ = bytes.getInt();
      byte[] content = new byte[length];
      bytes.get(content, 0, Math.min(length, bytes.remaining()));
      return length == 0 ? null : content;
    }
  }

  /** Does not remember the commands that were in the log when the node started. */
  private static final class ForgetfulStore extends Store {
    private final long lastAtStart;

    ForgetfulStore(long lastAtStart) {
      this.lastAtStart = lastAtStart;
    }

    @Override
    boolean remembers(long index) {
      return index > lastAtStart;
    }
  }

  /** Waits in the wrong order: another coroutine runs between the check and the wait. */
  private static final class HangingProposal extends Proposal {
    private final Event changed = Event.manualReset();
    private @Nullable ClientAnswer known;

    @Override
    void complete(ClientAnswer result) {
      known = result;
      changed.set();
      changed.reset(); // wakes what waits now
    }

    @Override
    ClientAnswer await() {
      ClientAnswer result;
      while ((result = known) == null) {
        GoAsync.sleep(Duration.ofMillis(1)); // stands for a wait, as for a log file
        changed.await();
      }
      return result;
    }
  }

  private static final class HangingRaft extends Raft {
    HangingRaft(
        int self, int size, VoteFile state, LogFile log, Store store, Surroundings surroundings) {
      super(self, size, state, log, store, surroundings);
    }

    @Override
    Proposal newProposal() {
      return new HangingProposal();
    }
  }

  /** Answers queries by itself while it believes to be the leader. */
  private static final class StaleNode extends Node {
    private final Store store;

    StaleNode(
        List<Address> addresses,
        int self,
        VoteFile state,
        LogFile log,
        RandomGenerator random,
        LongConsumer leads,
        Node.Factory algorithm,
        Store store) {
      super(addresses, self, state, log, random, leads, algorithm);
      this.store = store;
    }

    @Override
    ClientAnswer execute(Command command) throws IOException {
      if (command.kind() == Command.Kind.GET && raft().isLeader()) {
        String value = store.get(command.key());
        return new ClientAnswer(true, raft().leader(), value != null, value == null ? "" : value);
      }
      return super.execute(command);
    }
  }

  /** Retries without a time limit. */
  private static final class EndlessClient extends Client {
    EndlessClient(List<Address> addresses, Duration timeout, RandomGenerator random) {
      super(addresses, timeout, random);
    }

    @Override
    ClientAnswer limited(Body<ClientAnswer, IOException> attempts) throws IOException {
      return attempts.call();
    }
  }
}
