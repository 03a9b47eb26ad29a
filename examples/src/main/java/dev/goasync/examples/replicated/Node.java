package dev.goasync.examples.replicated;

import dev.goasync.Body;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.TaskScope;
import dev.goasync.examples.replicated.Message.AppendAnswer;
import dev.goasync.examples.replicated.Message.AppendRequest;
import dev.goasync.examples.replicated.Message.ClientAnswer;
import dev.goasync.examples.replicated.Message.ClientRequest;
import dev.goasync.examples.replicated.Message.PeerRequest;
import dev.goasync.examples.replicated.Message.VoteAnswer;
import dev.goasync.examples.replicated.Message.VoteRequest;
import dev.goasync.file.AsyncFiles;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.HostNames;
import dev.goasync.net.Server;
import dev.goasync.sync.Event;
import dev.goasync.sync.Mutex;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A member of a replicated store: answers the other members and clients, and sends requests to the
 * members. All its coroutines run on one loop. A lock orders the changes, which wait for the disk.
 */
public class Node implements Closeable {
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final List<Address> addresses;
  private final int self;
  private final LogFile log;
  private final Raft raft;
  private final Mutex lock = new Mutex();
  private final List<PeerLink> links = new ArrayList<>();

  /** Set when the disk has failed: what the node has promised may be lost, so it stops. */
  private final Event failed = Event.manualReset();

  private @Nullable IOException failure;

  /** Makes the algorithm of a node; tests make others. */
  @FunctionalInterface
  interface Factory {
    Raft create(VoteFile state, LogFile log, Raft.Surroundings surroundings);
  }

  Node(
      List<Address> addresses,
      int self,
      VoteFile state,
      LogFile log,
      RandomGenerator random,
      LongConsumer leads,
      Factory algorithm) {
    this.addresses = addresses;
    this.self = self;
    this.log = log;
    EventLoop loop = EventLoop.currentOrDefault();
    this.raft =
        algorithm.create(
            state, log, new Raft.Surroundings(loop::nanoTime, random, this::wakeLinks, leads));
    for (int i = 1; i <= addresses.size(); i++) {
      if (i != self) {
        links.add(new PeerLink(this, i, addresses.get(i - 1)));
      }
    }
  }

  /**
   * Opens a node. The caller is a coroutine.
   *
   * @param addresses the members, the same list on each
   * @param self the place of this node in the list, from 1
   * @param directory where the node keeps its files; created if it is missing
   * @param random chooses the election timeouts
   * @param leads receives each term that the node leads
   * @throws IllegalArgumentException if {@code self} is not a place in the list
   */
  public static Node open(
      List<Address> addresses, int self, Path directory, RandomGenerator random, LongConsumer leads)
      throws IOException {
    if (self < 1 || self > addresses.size()) {
      throw new IllegalArgumentException(
          "self must be from 1 to " + addresses.size() + ": " + self);
    }
    AsyncFiles.createDirectories(directory);
    VoteFile state = new VoteFile(directory);
    state.load();
    LogFile log = new LogFile(LogFile.open(directory));
    log.load();
    return new Node(
        addresses,
        self,
        state,
        log,
        random,
        leads,
        (vote, entries, surroundings) ->
            new Raft(self, addresses.size(), vote, entries, new Store(), surroundings));
  }

  final Raft raft() {
    return raft;
  }

  private void wakeLinks() {
    links.forEach(PeerLink::wake);
  }

  /**
   * Runs the node at its address of the list until the caller is cancelled.
   *
   * @throws IOException if the port cannot be bound, or the disk fails
   */
  public final void run() throws IOException {
    Address own = addresses.get(self - 1);
    var local = new InetSocketAddress(HostNames.resolve(own.host()).getFirst(), own.port());
    try (Server _ = Server.with().grace(GRACE).onFailure(_ -> {}).listen(local, this::serve)) {
      TaskScope.<@Nullable Void, IOException>run(scope -> {
        scope.goAsync(() -> runElections());
        links.forEach(link -> scope.goAsync(() -> link.run()));
        failed.await();
        throw failure == null ? new IOException("the disk has failed") : failure;
      });
    }
  }

  private void runElections() throws IOException {
    while (true) {
      GoAsync.sleep(raft.untilElection());
      this.<@Nullable Void>change(() -> {
        raft.passTime();
        return null;
      });
    }
  }

  /** Answers a member or a client. */
  private void serve(AsyncSocket connection) throws IOException {
    Message request;
    while ((request = Wire.receive(connection)) != null) {
      Wire.send(connection, answer(request));
    }
  }

  private Message answer(Message request) throws IOException {
    return switch (request) {
      case VoteRequest vote -> change(() -> raft.vote(vote));
      case AppendRequest append -> change(() -> raft.append(append));
      case ClientRequest client -> execute(client.command());
      default -> throw new IOException("not a request: " + request);
    };
  }

  /** Waits until the command is applied, or this node is not the leader any more. */
  ClientAnswer execute(Command command) throws IOException {
    Proposal proposal = this.<@Nullable Proposal>change(() -> raft.propose(command));
    return proposal == null ? ClientAnswer.refusal(raft.leader()) : proposal.await();
  }

  final void answered(int member, PeerRequest request, Message answer) throws IOException {
    this.<@Nullable Void>change(() -> {
      if (request instanceof VoteRequest asked && answer instanceof VoteAnswer vote) {
        raft.answered(member, asked, vote);
      } else if (request instanceof AppendRequest sent && answer instanceof AppendAnswer append) {
        raft.answered(member, sent, append);
      }
      return null;
    });
  }

  private <T extends @Nullable Object> T change(Body<T, IOException> change) throws IOException {
    return lock.<T, IOException>withLock(() -> {
      IOException before = failure;
      if (before != null) {
        throw new IOException("the node has stopped", before);
      }
      try {
        return change.call();
      } catch (IOException ofDisk) {
        failure = ofDisk;
        failed.set();
        throw ofDisk;
      }
    });
  }

  @Override
  public final void close() throws IOException {
    log.close();
  }
}
