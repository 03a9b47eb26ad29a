package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Poller;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A queue that passes values between coroutines and threads, as Go's channels do. Any number of
 * callers can send and receive. Each value is received once, in the order of the sends.
 *
 * <pre>{@code
 * Channel<String> lines = Channel.bounded(64);
 * GoAsync.goAsync(() -> {
 *   for (int i = 0; i < 1000; i++) {
 *     lines.send("line " + i);          // waits while 64 values are buffered
 *   }
 *   lines.close();
 * });
 * for (String line : lines) {           // ends when the channel is closed and drained
 *   System.out.println(line);
 * }
 * }</pre>
 *
 * <p>A <em>rendezvous</em> channel has no buffer: a send waits for its receiver. A <em>bounded</em>
 * channel buffers up to {@code capacity} values. A <em>conflated</em> channel keeps the newest
 * value only; its sends never wait.
 *
 * <p>All methods can be called from any coroutine or thread. Waiting senders and receivers are
 * served in the order in which they came. Actions before a send are visible after the receive of
 * its value. A cancelled receive takes no value; a cancelled send has not sent its value. The home
 * loop and other common properties are described in the {@linkplain dev.goasync.sync package
 * documentation}.
 *
 * @param <T> the type of the values, which are never null
 */
public final class Channel<T> extends LoopPrimitive implements Iterable<T> {
  static final int SEND = 0;
  static final int RECEIVE = 1;
  private static final int DRAIN = 2;

  private final int capacity;
  private final boolean conflated;
  private final WaitQueue senders = new WaitQueue();
  private final WaitQueue receivers = new WaitQueue();
  private @Nullable WaitQueue drains; // few channels are waited for

  /** A ring buffer: {@code count} values from {@code first} on. */
  private final @Nullable Object[] values;

  private int first;
  private int count;
  private long sent;
  private long received;

  /** Non-null when the channel is closed; the answer of the operations that find it closed. */
  private @Nullable Closed closed;

  record Closed(@Nullable Throwable cause) {}

  private Channel(EventLoop home, int capacity, boolean conflated) {
    super(home);
    this.capacity = capacity;
    this.conflated = conflated;
    this.values = new Object[capacity];
  }

  // ---- factories ----

  /** Creates a channel without a buffer on the current loop: each send waits for its receiver. */
  public static <T> Channel<T> rendezvous() {
    return rendezvous(EventLoop.currentOrDefault());
  }

  /** Creates a channel without a buffer on {@code home}: each send waits for its receiver. */
  public static <T> Channel<T> rendezvous(EventLoop home) {
    return new Channel<>(home, 0, false);
  }

  /**
   * Creates a channel on the current loop that buffers up to {@code capacity} values.
   *
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public static <T> Channel<T> bounded(int capacity) {
    return bounded(EventLoop.currentOrDefault(), capacity);
  }

  /**
   * Creates a channel on {@code home} that buffers up to {@code capacity} values.
   *
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public static <T> Channel<T> bounded(EventLoop home, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be positive: " + capacity);
    }
    return new Channel<>(home, capacity, false);
  }

  /**
   * Creates a channel on the current loop that keeps the newest value: a send replaces a value that
   * was not received yet.
   */
  public static <T> Channel<T> conflated() {
    return conflated(EventLoop.currentOrDefault());
  }

  /**
   * Creates a channel on {@code home} that keeps the newest value: a send replaces a value that was
   * not received yet.
   */
  public static <T> Channel<T> conflated(EventLoop home) {
    return new Channel<>(home, 1, true);
  }

  // ---- sending ----

  /**
   * Sends a value; waits while the buffer is full and no receiver waits.
   *
   * @throws ChannelClosedException if the channel is closed before or during the wait; the value is
   *     not sent then
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
   * Sends a value if that is possible at once.
   *
   * @return whether it was sent
   * @throws ChannelClosedException if the channel is closed
   */
  public boolean trySend(T value) {
    Objects.requireNonNull(value, "value");
    return fiberAtHome() != null ? offer(value, null) : call(() -> offer(value, null));
  }

  /**
   * Sends a value; waits at most {@code timeout} for room or a receiver.
   *
   * @return whether the value was sent
   * @throws ChannelClosedException if the channel is closed before or during the wait
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted; the
   *     value is not sent then
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean trySend(T value, Duration timeout) {
    Objects.requireNonNull(value, "value");
    return sendAnswer(await(SEND, value, nanos(timeout)));
  }

  /** Returns false if the timeout expired. */
  private boolean sendAnswer(Object answer) {
    if (answer instanceof Closed end) {
      throw closedException(end);
    }
    return answer != Waiter.Outcome.TIMED_OUT;
  }

  // ---- receiving ----

  /**
   * Receives the next value; waits until there is one.
   *
   * @throws ChannelClosedException if the channel is closed and all values have been received
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted; no
   *     value is taken then
   */
  public T receive() {
    return receiveAnswer(receiveOrClosed());
  }

  /** Receives a value, or the {@link Closed} of a channel that is closed and drained. */
  Object receiveOrClosed() {
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
   * @throws ChannelClosedException if the channel is closed and all values have been received
   */
  public @Nullable T tryReceive() {
    Object value =
        fiberAtHome() != null ? poll(null) : this.<@Nullable Object>call(() -> poll(null));
    return value == null ? null : receiveAnswer(value);
  }

  /**
   * Receives the next value; waits for it at most {@code timeout}.
   *
   * @return the value, or null if the timeout expired
   * @throws ChannelClosedException if the channel is closed and all values have been received
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted; no
   *     value is taken then
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public @Nullable T tryReceive(Duration timeout) {
    Object value = await(RECEIVE, null, nanos(timeout));
    return value == Waiter.Outcome.TIMED_OUT ? null : receiveAnswer(value);
  }

  /**
   * Returns an iterator that receives value after value until the channel is closed and drained.
   * Its {@code hasNext} waits as {@link #receive} does. If the channel was closed with a cause,
   * {@code hasNext} throws {@link ChannelClosedException} at the end. If there are several
   * iterators, each value goes to one of them.
   */
  @Override
  public Iterator<T> iterator() {
    return new ChannelIterator<>(this);
  }

  private T receiveAnswer(Object answer) {
    if (answer instanceof Closed end) {
      throw closedException(end);
    }
    return asValue(answer);
  }

  @SuppressWarnings("unchecked") // only values of T are sent
  T asValue(Object value) {
    return (T) value;
  }

  // ---- closing ----

  /**
   * Closes the channel for sending. Later sends, and sends that wait now, throw {@link
   * ChannelClosedException}. Receives return the buffered values and then throw the exception.
   * Never waits for values to be received.
   *
   * @throws ChannelClosedException if the channel is closed already
   */
  public void close() {
    close(new Closed(null));
  }

  /**
   * Closes the channel for sending, as {@link #close()} does, with a cause for the exceptions that
   * senders and receivers get.
   *
   * @throws ChannelClosedException if the channel is closed already
   */
  public void close(Throwable cause) {
    close(new Closed(Objects.requireNonNull(cause, "cause")));
  }

  private void close(Closed end) {
    call(() -> {
      if (closed != null) {
        throw closedException(closed);
      }
      closed = end;
      SelectTicket.endAll(senders, end);
      SelectTicket.endAll(receivers, end);
      if (count == 0) {
        SelectTicket.endAll(drains, Waiter.Outcome.DONE);
      }
      return end;
    });
  }

  /**
   * Waits until the channel is closed and every value has been received, such as before its
   * producer reports success. The receiver of the last value may not have processed it yet.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  public void awaitDrained() {
    await(DRAIN, null);
  }

  /** Returns whether the channel was closed; there can still be values to receive. */
  public boolean isClosed() {
    return call(() -> closed != null);
  }

  ChannelClosedException closedException(Closed end) {
    return new ChannelClosedException(this + " is closed", end.cause);
  }

  // ---- for clauses of a select; home loop ----

  /** Whether the operation could be performed, or fail, now. */
  boolean isReady(Waiter entry) {
    if (closed != null) {
      return true;
    }
    return entry.operation == SEND
        ? count < capacity || conflated || !receivers.isEmpty()
        : count > 0 || !senders.isEmpty();
  }

  /** Queues an operation that is not ready. */
  void enqueue(Waiter entry) {
    (entry.operation == SEND ? senders : receivers).add(entry);
  }

  // ---- operations; home loop ----

  @Override
  void begin(Waiter waiter) {
    if (waiter.operation == DRAIN) {
      if (closed != null && count == 0) {
        waiter.end(Waiter.Outcome.DONE);
      } else {
        drains = WaitQueue.with(drains, waiter);
      }
    } else if (!tryBegin(waiter)) {
      enqueue(waiter);
    }
  }

  /** Performs the operation and ends it, if it need not wait and its ticket can be committed. */
  boolean tryBegin(Waiter waiter) {
    SelectTicket ticket = waiter.ticket;
    if (waiter.operation == SEND) {
      if (closed != null) {
        if (!SelectTicket.tryCommit(ticket, null)) {
          return false;
        }
        waiter.end(closed);
        return true;
      }
      if (!offer(Objects.requireNonNull(waiter.argument), ticket)) {
        return false;
      }
      waiter.end(Waiter.Outcome.DONE);
      return true;
    }
    Object value = poll(ticket);
    if (value == null) {
      return false;
    }
    waiter.end(value);
    return true;
  }

  /**
   * Sends without waiting. If receivers wait, the buffer is empty and no sender waits.
   *
   * @param ticket the sender's, to be committed; null if the sender is not in a cross-loop select
   * @return false if the send would have to wait
   */
  private boolean offer(Object value, @Nullable SelectTicket ticket) {
    if (closed != null) {
      throw closedException(closed);
    }
    Waiter receiver = SelectTicket.next(receivers, ticket);
    if (receiver != null) {
      sent++;
      received++;
      receiver.end(value);
      return true;
    }
    if ((count == capacity && !conflated) || !SelectTicket.tryCommit(ticket, null)) {
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
   * Receives without waiting.
   *
   * @param ticket the receiver's, to be committed; null if the receiver is not in a cross-loop
   *     select
   * @return a value, {@link #closed} if the channel is closed and drained, or null if the receive
   *     would have to wait
   */
  private @Nullable Object poll(@Nullable SelectTicket ticket) {
    if (count == 0) {
      Waiter sender = SelectTicket.next(senders, ticket);
      if (sender == null) {
        return closed != null && SelectTicket.tryCommit(ticket, null) ? closed : null;
      }
      sent++;
      received++;
      return completeSend(sender);
    }
    if (!SelectTicket.tryCommit(ticket, null)) {
      return null;
    }
    Object value = values[first];
    values[first] = null;
    first = first + 1 == capacity ? 0 : first + 1;
    received++;
    if (--count == 0 && closed != null) {
      SelectTicket.endAll(drains, Waiter.Outcome.DONE);
    }
    Waiter sender = SelectTicket.next(senders, null);
    if (sender != null) {
      sent++;
      put(completeSend(sender));
    }
    return value;
  }

  private static Object completeSend(Waiter sender) {
    Object value = Objects.requireNonNull(sender.argument);
    sender.end(Waiter.Outcome.DONE);
    return value;
  }

  @Override
  String describe(Waiter waiter) {
    return switch (waiter.operation) {
      case SEND -> "a receiver at " + this;
      case RECEIVE -> "a value from " + this;
      default -> this + " to be closed and drained";
    };
  }

  // ---- statistics ----

  /**
   * The state and the counters of a channel at one moment.
   *
   * @param capacity how many values can be buffered
   * @param buffered how many values are buffered now
   * @param waitingSenders how many senders wait now
   * @param waitingReceivers how many receivers wait now
   * @param sent how many values have been sent
   * @param received how many values have been received; a value that a conflated channel replaced
   *     is neither received nor buffered
   * @param suspensions how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(
      int capacity,
      int buffered,
      int waitingSenders,
      int waitingReceivers,
      long sent,
      long received,
      long suspensions,
      long remoteCalls)
      implements WaitStatistics {
    /** How many senders and receivers wait now. */
    @Override
    public int waiting() {
      return waitingSenders + waitingReceivers;
    }
  }

  /** Returns the state and the counters of this moment. */
  public Statistics statistics() {
    return call(() ->
        new Statistics(
            capacity,
            count,
            senders.size(),
            receivers.size(),
            sent,
            received,
            suspensions,
            remoteCalls));
  }

  @Override
  public String toString() {
    String kind = conflated ? "conflated" : capacity == 0 ? "rendezvous" : "bounded " + capacity;
    return "channel@" + Integer.toHexString(hashCode()) + " (" + kind + ")";
  }
}
