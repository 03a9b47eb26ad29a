package dev.goasync.examples.replicated;

import dev.goasync.Body;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.examples.replicated.Message.ClientAnswer;
import dev.goasync.examples.replicated.Message.ClientRequest;
import dev.goasync.net.AsyncSocket;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Uses a replicated store. A command that is not answered is sent again, to the next node, until
 * the time limit is over; the nodes apply it once. One caller at a time.
 */
public class Client implements Closeable {
  private static final Duration ATTEMPT = Duration.ofSeconds(1);
  private static final long MIN_PAUSE_MILLIS = 20;
  private static final long MAX_PAUSE_MILLIS = 500;

  private final List<Address> addresses;
  private final Duration timeout;
  private final RandomGenerator random;
  private final long id;
  private long lastNumber;
  private int node;
  private @Nullable AsyncSocket socket;

  /**
   * @param timeout the time for a command, all attempts together
   * @param random chooses the number that identifies the client, and the pauses between attempts
   */
  public Client(List<Address> addresses, Duration timeout, RandomGenerator random) {
    this.addresses = addresses;
    this.timeout = timeout;
    this.random = random;
    this.id = random.nextLong();
    this.node = random.nextInt(addresses.size());
  }

  /** Returns the value of a key; null if it has none. */
  public @Nullable String get(String key) throws IOException {
    return execute(Command.Kind.GET, key, "");
  }

  /** Sets the value of a key. */
  public void put(String key, String value) throws IOException {
    execute(Command.Kind.PUT, key, value);
  }

  /**
   * Appends to the value of a key, and returns the new value.
   *
   * @throws IOException if no node has answered in time; the change may or may not be made
   */
  public String append(String key, String value) throws IOException {
    String result = execute(Command.Kind.APPEND, key, value);
    return result == null ? value : result;
  }

  final @Nullable String execute(Command.Kind kind, String key, String value) throws IOException {
    Command command = new Command(id, ++lastNumber, kind, key, value);
    try {
      ClientAnswer answer = limited(() -> retry(command));
      return answer.found() ? answer.value() : null;
    } catch (DeadlineExceededException late) {
      disconnect();
      throw new IOException("no leader has answered within " + timeout, late);
    }
  }

  /** Ends the attempts at the time limit. */
  ClientAnswer limited(Body<ClientAnswer, IOException> attempts) throws IOException {
    return GoAsync.withTimeout(timeout, attempts);
  }

  private ClientAnswer retry(Command command) throws IOException {
    for (int attempt = 0; ; attempt++) {
      try {
        ClientAnswer answer = GoAsync.withTimeout(ATTEMPT, () -> call(command));
        if (answer.done()) {
          return answer;
        }
        moveTo(answer.leader() == 0 ? node + 1 : answer.leader() - 1);
      } catch (IOException | DeadlineExceededException unreachable) {
        GoAsync.checkCancelled(); // the time limit of the caller
        moveTo(node + 1);
      }
      pause(attempt);
    }
  }

  /** Waits longer after each attempt, and a random part of that time, so that clients differ. */
  void pause(int attempt) {
    long limit = Math.min(MAX_PAUSE_MILLIS, MIN_PAUSE_MILLIS << Math.min(attempt, 10));
    GoAsync.sleep(Duration.ofMillis(random.nextLong(MIN_PAUSE_MILLIS / 2, limit)));
  }

  private ClientAnswer call(Command command) throws IOException {
    AsyncSocket connected = socket;
    if (connected == null) {
      Address address = addresses.get(node);
      connected = AsyncSocket.connect(address.host(), address.port());
      socket = connected;
    }
    Wire.send(connected, new ClientRequest(command));
    if (Wire.receive(connected) instanceof ClientAnswer answer) {
      return answer;
    }
    throw new IOException(addresses.get(node) + " has not answered");
  }

  private void moveTo(int other) throws IOException {
    disconnect();
    node = other % addresses.size();
  }

  private void disconnect() throws IOException {
    AsyncSocket connected = socket;
    socket = null;
    if (connected != null) {
      connected.close();
    }
  }

  @Override
  public void close() throws IOException {
    disconnect();
  }
}
