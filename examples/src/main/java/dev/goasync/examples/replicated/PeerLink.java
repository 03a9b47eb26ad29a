package dev.goasync.examples.replicated;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.examples.replicated.Message.PeerRequest;
import dev.goasync.net.AsyncSocket;
import dev.goasync.sync.Event;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of this node to another member, one at a time, over one connection. A request
 * that is not answered in time ends the connection, and the next one opens another.
 */
final class PeerLink {
  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Node node;
  private final int member;
  private final Address address;

  /** Set when the node may have a request for the member. */
  private final Event changed = Event.autoReset();

  private @Nullable AsyncSocket socket;

  PeerLink(Node node, int member, Address address) {
    this.node = node;
    this.member = member;
    this.address = address;
  }

  void wake() {
    changed.set();
  }

  /** Sends requests until it is cancelled. */
  void run() throws IOException {
    try {
      while (true) {
        exchange(next());
      }
    } finally {
      disconnect();
    }
  }

  private PeerRequest next() {
    PeerRequest request;
    while ((request = node.raft().requestFor(member)) == null) {
      if (node.raft().isLeader()) {
        changed.tryAwait(Raft.HEARTBEAT);
      } else {
        changed.await();
      }
    }
    return request;
  }

  private void exchange(PeerRequest request) throws IOException {
    Message answer;
    try {
      answer = GoAsync.withTimeout(TIMEOUT, () -> call(request));
    } catch (IOException | DeadlineExceededException unreachable) {
      disconnect();
      GoAsync.sleep(PAUSE);
      return;
    }
    node.answered(member, request, answer);
  }

  private Message call(PeerRequest request) throws IOException {
    AsyncSocket connected = socket;
    if (connected == null) {
      connected = AsyncSocket.connect(address.host(), address.port());
      socket = connected;
    }
    Wire.send(connected, request);
    Message answer = Wire.receive(connected);
    if (answer == null) {
      throw new EOFException("member " + member + " has closed the connection");
    }
    return answer;
  }

  private void disconnect() throws IOException {
    AsyncSocket connected = socket;
    socket = null;
    if (connected != null) {
      connected.close();
    }
  }
}
