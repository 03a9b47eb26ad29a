package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Poller;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A queue through which coroutines, and threads, hand each other values. Any number may send and
 * receive; each value is received once, in the order in which the values were sent.
 *
 * <pre>{@code
 * Channel<String> lines = Channel.bounded(64);
 * goAsync(() -> {
 *   for (String line = socket.readLine(); line != null; line = socket.readLine()) {
 *     lines.send(line);                 // waits while 64 lines wait
 *   }
 *   lines.close();
 * });
 * for (String line : lines) {           // until closed and drained
 *   System.out.println(line);
 * }
 * }</pre>
 *
 * <p>A <em>rendezvous</em> channel keeps nothing: a send waits for its receiver. A <em>bounded</em>
 * one keeps up to a number of values for receivers to come. A <em>conflated</em> one keeps the
 * newest value only, and sending never waits.
 *
 * <p>All methods may be called from any coroutine or thread. Waiting senders and receivers are
 * served in the order in which they came. What was done before a send is visible after the receive
 * of its value. A cancelled receive takes no value; a cancelled send has not sent its value. What
 * holds for all types of this package, such as on which loop a channel lives, stands in the
 * {@linkplain dev.goasync.sync package's description}.
 *
 * @param <T> the type of the values, which are never null
 */
public final class Channel<T> extends LoopPrimitive implements Iterable<T> {
  private static final int SEND = 0;
  private static final int RECEIVE = 1;

  private final int capacity;
  private final boolean conflated;
  private final WaitQueue senders = new WaitQueue();
  private final WaitQueue receivers = new WaitQueue();

  /** A ring: {@code count} values from {@code first} on. */
  private final @Nullable Object[] values;

  private int first;
  private int count;
  private long sent;
  private long received;

  /** Set when the channel is closed, for the answer to those who wait. */
  private @Nullable Closed closed;

  private record Closed(@Nullable Throwable cause) {}

  private Channel(EventLoop home, int capacity, boolean conflated) {
    super(home);
    this.capacity = capacity;
    this.conflated = conflated;
    this.values = new Object[capacity];
  }

  // ---- making one ----

  /** A channel that keeps nothing: each send waits for its receiver. */
  public static <T> Channel<T> rendezvous() {
    return rendezvous(EventLoop.currentOrDefault());
  }

  /** Like {@link #rendezvous()}, with a home loop that is given. */
  public static <T> Channel<T> rendezvous(EventLoop home) {
    return new Channel<>(home, 0, false);
  }

  /**
   * A channel that keeps up to {@code capacity} values.
   *
   * @throws IllegalArgumentException if {@code capacity} is less than 1
   */
  public static <T> Channel<T> bounded(int capacity) {
    return bounded(EventLoop.currentOrDefault(), capacity);
  }

  /** Like {@link #bounded(int)}, with a home loop that is given. */
  public static <T> Channel<T> bounded(EventLoop home, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity is less than 1: " + capacity);
    }
    return new Channel<>(home, capacity, false);
  }

  /** A channel that keeps the newest value, in the place of one that nobody has received. */
  public static <T> Channel<T> conflated() {
    return conflated(EventLoop.currentOrDefault());
  }

  /** Like {@link #conflated()}, with a home loop that is given. */
  public static <T> Channel<T> conflated(EventLoop home) {
    return new Channel<>(home, 1, true);
  }

  // ---- sending ----

  /**
   * Sends a value; waits while there is no room and no receiver.
   *
   * @throws ChannelClosedException if the channel is closed, also while the send waits; the value
   *     is not sent then
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted; the
   *     value is not sent then
   */
  public void send(T value) {
    Objects.requireNonNull(value, "value");
    Fiber fiber = fiberAtHome();
    if (fiber != null) {
      fiber.checkCancelled();
      if (!offer(value, null)) {
        sendAnswer(awaitAtHome(fiber, SEND, value, Poller.FOREVER));
      }
      return;
    }
    sendAnswer(await(SEND, value));
  }

  /**
   * Sends a value if that is possible without waiting.
   *
   * @return whether it was sent
   * @throws ChannelClosedException if the channel is closed
   */
  public boolean trySend(T value) {
    Objects.requireNonNull(value, "value");
    return fiberAtHome() != null ? offer(value, null) : call(() -> offer(value, null));
  }

  /**
   * Like {@link #send}, for a limited time.
   *
   * @return whether the value was sent
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean trySend(T value, Duration timeout) {
    long nanos = nanos(timeout);
    return sendAnswer(await(SEND, Objects.requireNonNull(value, "value"), nanos));
  }

  private boolean sendAnswer(Object answer) {
    if (answer instanceof Closed end) {
      throw closedException(end);
    }
    return answer != Waiter.TIMED_OUT;
  }

  // ---- receiving ----

  /**
   * Receives the next value; waits until there is one.
   *
   * @throws ChannelClosedException if the channel is closed and all that was sent has been received
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted; no
   *     value is taken then
   */
  public T receive() {
    Object value = receiveOrClosed();
    if (value instanceof Closed end) {
      throw closedException(end);
    }
    return asValue(value);
  }

  private Object receiveOrClosed() {
    Fiber fiber = fiberAtHome();
    if (fiber != null) {
      fiber.checkCancelled();
      Object value = poll(null);
      return value != null ? value : awaitAtHome(fiber, RECEIVE, null, Poller.FOREVER);
    }
    return await(RECEIVE, null);
  }

  /**
   * Receives the next value if there is one.
   *
   * @return the value, or null if there is none now
   * @throws ChannelClosedException if the channel is closed and drained
   */
  public @Nullable T tryReceive() {
    Object value =
        fiberAtHome() != null ? poll(null) : this.<@Nullable Object>call(() -> poll(null));
    if (value instanceof Closed end) {
      throw closedException(end);
    }
    return value == null ? null : asValue(value);
  }

  /**
   * Like {@link #receive}, for a limited time.
   *
   * @return the value, or null if none came in time
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public @Nullable T tryReceive(Duration timeout) {
    Object value = await(RECEIVE, null, nanos(timeout));
    if (value instanceof Closed end) {
      throw closedException(end);
    }
    return value == Waiter.TIMED_OUT ? null : asValue(value);
  }

  /**
   * Receives value after value, until the channel is closed and drained. The iterator waits like
   * {@link #receive}; if the channel was closed with a cause, the end is a {@link
   * ChannelClosedException}. Several may iterate: each value goes to one of them.
   */
  @Override
  public Iterator<T> iterator() {
    return new Values();
  }

  private final class Values implements Iterator<T> {
    private @Nullable Object next;

    @Override
    public boolean hasNext() {
      Object ahead = next;
      if (ahead == null) {
        ahead = receiveOrClosed();
        next = ahead;
      }
      if (ahead instanceof Closed end) {
        if (end.cause != null) {
          throw closedException(end);
        }
        return false;
      }
      return true;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the channel is closed and drained");
      }
      Object value = Objects.requireNonNull(next);
      next = null;
      return asValue(value);
    }
  }

  @SuppressWarnings("unchecked") // only values of T are sent
  T asValue(Object value) {
    return (T) value;
  }

  // ---- closing ----

  /**
   * Closes the channel for sending: who sends, or waits in a send, gets a {@link
   * ChannelClosedException}; who receives gets the values that were sent, and then the exception.
   *
   * @throws ChannelClosedException if the channel is closed already
   */
  public void close() {
    close(new Closed(null));
  }

  /** Like {@link #close()}, with a cause that senders and receivers find in their exception. */
  public void close(Throwable cause) {
    close(new Closed(Objects.requireNonNull(cause, "cause")));
  }

  private void close(Closed end) {
    call(
        () -> {
          if (closed != null) {
            throw closedException(closed);
          }
          closed = end;
          endAll(senders, end);
          endAll(receivers, end);
          return end;
        });
  }

  private static void endAll(WaitQueue queue, Closed end) {
    for (Waiter waiter = next(queue, null); waiter != null; waiter = next(queue, null)) {
      waiter.end(end);
    }
  }

  /** Whether the channel was closed; values may be left in it. */
  public boolean isClosed() {
    return call(() -> closed != null);
  }

  private ChannelClosedException closedException(Closed end) {
    return new ChannelClosedException(this + " is closed", end.cause);
  }

  // ---- for cases of selects; the home loop's side ----

  /** Makes {@code place} a send of {@code value}, or a receive if there is none. */
  static void prepareCase(Waiter place, @Nullable Object value) {
    place.operation = value != null ? SEND : RECEIVE;
    place.argument = value;
  }

  /** Whether the operation could be done, or fail, now. */
  boolean isReady(Waiter place) {
    if (closed != null) {
      return true;
    }
    return place.operation == SEND
        ? count < capacity || conflated || !receivers.isEmpty()
        : count > 0 || !senders.isEmpty();
  }

  /** Has an operation that is not ready wait. */
  void enqueue(Waiter place) {
    (place.operation == SEND ? senders : receivers).add(place);
  }

  /** The exception for an answer that says the channel is closed; null if it says another thing. */
  @Nullable ChannelClosedException closedBy(Object answer) {
    return answer instanceof Closed end ? closedException(end) : null;
  }

  // ---- the home loop's side ----

  @Override
  void begin(Waiter waiter) {
    if (!tryBegin(waiter)) {
      enqueue(waiter);
    }
  }

  /** Does the operation and ends it, if it need not wait and its claim, if any, can be taken. */
  boolean tryBegin(Waiter waiter) {
    SelectTicket claim = waiter.claim;
    if (waiter.operation == SEND) {
      if (closed != null) {
        if (!SelectTicket.take(claim, null)) {
          return false;
        }
        waiter.end(closed);
        return true;
      }
      if (!offer(Objects.requireNonNull(waiter.argument), claim)) {
        return false;
      }
      waiter.end(Waiter.DONE);
      return true;
    }
    Object value = poll(claim);
    if (value == null) {
      return false;
    }
    waiter.end(value);
    return true;
  }

  /** Takes the next one that can be served out of a queue; its claim and {@code mine} are taken. */
  private static @Nullable Waiter next(WaitQueue queue, @Nullable SelectTicket mine) {
    Waiter first = queue.peek();
    return first == null || (first.claim == null && mine == null)
        ? queue.poll()
        : SelectTicket.poll(queue, mine);
  }

  /**
   * Sends without waiting: where receivers wait there is no value left, nor a sender that they
   * could meet.
   *
   * @param claim of the one who sends, to be taken; null if there is none
   */
  private boolean offer(Object value, @Nullable SelectTicket claim) {
    if (closed != null) {
      throw closedException(closed);
    }
    Waiter receiver = next(receivers, claim);
    if (receiver != null) {
      sent++;
      received++;
      receiver.end(value);
      return true;
    }
    if ((count == capacity && !conflated) || !SelectTicket.take(claim, null)) {
      return false;
    }
    if (count < capacity) {
      put(value);
    } else {
      values[0] = value;
    }
    sent++;
    return true;
  }

  private void put(Object value) {
    int free = first + count++;
    values[free < capacity ? free : free - capacity] = value;
  }

  /**
   * Receives without waiting: a value, null if there is none now, or how the channel was closed.
   *
   * @param claim of the one who receives, to be taken; null if there is none
   */
  private @Nullable Object poll(@Nullable SelectTicket claim) {
    if (count == 0) {
      Waiter sender = next(senders, claim);
      if (sender == null) {
        return closed != null && SelectTicket.take(claim, null) ? closed : null;
      }
      sent++;
      received++;
      return takeFrom(sender);
    }
    if (!SelectTicket.take(claim, null)) {
      return null;
    }
    Object value = values[first];
    values[first] = null;
    first = first + 1 == capacity ? 0 : first + 1;
    count--;
    received++;
    Waiter sender = next(senders, null);
    if (sender != null) {
      sent++;
      put(takeFrom(sender));
    }
    return value;
  }

  private static Object takeFrom(Waiter sender) {
    Object value = Objects.requireNonNull(sender.argument);
    sender.end(Waiter.DONE);
    return value;
  }

  @Override
  String describe(Waiter waiter) {
    return (waiter.operation == SEND ? "a receiver at " : "a value from ") + this;
  }

  // ---- looking ----

  /**
   * A moment's figures.
   *
   * @param capacity how many values it keeps at most
   * @param buffered how many values it keeps now
   * @param waitingSenders how many senders wait now
   * @param waitingReceivers how many receivers wait now
   * @param sent how many values have been sent
   * @param received how many values have been received; those that a conflated channel dropped are
   *     neither received nor buffered
   * @param waits how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(
      int capacity,
      int buffered,
      int waitingSenders,
      int waitingReceivers,
      long sent,
      long received,
      long waits,
      long remoteCalls) {}

  /** A moment's figures. */
  public Statistics statistics() {
    return call(
        () ->
            new Statistics(
                capacity,
                count,
                senders.size(),
                receivers.size(),
                sent,
                received,
                waits,
                remoteCalls));
  }

  @Override
  public String toString() {
    String kind = conflated ? "conflated" : capacity == 0 ? "rendezvous" : "bounded " + capacity;
    return "channel@" + Integer.toHexString(hashCode()) + " (" + kind + ")";
  }
}
