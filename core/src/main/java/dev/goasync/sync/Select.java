package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.internal.util.Durations;
import dev.goasync.io.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first of several events and runs the action for that one: values from channels,
 * room in channels, ends of tasks, readiness of sockets, timeouts.
 *
 * <pre>{@code
 * Channel<String> orders = Channel.bounded(10);
 * Channel<String> results = Channel.bounded(10);
 * Task<String> worker = GoAsync.goAsync(() -> "done");
 * Select.first()
 *     .onReceive(orders, order -> System.out.println("order " + order))
 *     .onSend(results, "result", () -> System.out.println("sent"))
 *     .onTask(worker, task -> System.out.println(task.await()))
 *     .after(Duration.ofSeconds(5), () -> System.out.println("nothing for 5 s"))
 *     .run();
 * }</pre>
 *
 * <p>Exactly one clause is performed. The remaining clauses receive no value, send no value and
 * leave no entry behind. If several clauses are ready, one is chosen pseudo-randomly (with a fixed
 * seed for each loop), so that no clause starves. The action of the chosen clause runs in the
 * caller after the choice; {@link #run} throws what the action throws.
 *
 * <p>A select is built and run by one caller. It can be run repeatedly, which costs less than
 * building a new one. Its channels can have several home loops; then each run sends a message to
 * each of these loops and back, and the timeouts use the clock of the caller's loop.
 *
 * <p>Memory effects, cancellation and closed loops are described in the {@linkplain
 * dev.goasync.sync package documentation}.
 */
public final class Select {
  /*
   * How a select runs
   *
   * One loop (LocalSelect): all channels have the same home loop, on which everything below runs.
   *
   *   1. run() sends the operation CHOOSE, or TRY if there is an "otherwise", to the home loop and
   *      waits like the caller of any primitive (LoopPrimitive.await).
   *   2. begin() counts the clauses that are ready, draws one of them and performs it. That ends
   *      the operation.
   *   3. If no clause is ready, TRY answers NOT_READY. CHOOSE registers all clauses: a channel
   *      clause adds its entry to the channel's queue, a task clause adds a listener, a timeout
   *      starts a timer, a readiness clause starts a fiber that waits for the readiness.
   *   4. The first clause that is performed notifies the selection, which unregisters all clauses
   *      and answers with that one. No other event can come between, as one thread does all this.
   *      A cancel unregisters all clauses as well.
   *   5. The caller is resumed, and runs the action of the clause (Clause.act).
   *
   * Several loops (CrossLoopSelect, one for each run): its home loop is the caller's.
   *
   *   1. Each channel clause sends a RemoteClause to its channel's loop. It is served there, or
   *      queued, or (for TRY) answers that it is not ready. Other clauses register as above.
   *   2. Every thread that wants to decide the run commits the run's SelectTicket first: a
   *      channel's loop before it serves the entry, the home loop before it performs another
   *      clause, or ends the run because of a cancel or a closed loop. A thread that cannot commit
   *      the ticket leaves the run alone.
   *   3. A decision on a channel's loop goes to the home loop as a message. The caller waits for
   *      that message even if it is cancelled meanwhile, so no value is lost.
   *   4. The home loop ends the run: it sends each RemoteClause a message to leave, and unregisters
   *      the other clauses.
   */

  private final List<Clause> clauses = new ArrayList<>();
  private @Nullable Channel<?> firstChannel;
  private boolean crossesLoops;

  /** Set while a cross-loop select runs; its runs have no home loop in common to check this. */
  private final AtomicBoolean running = new AtomicBoolean();

  private @Nullable Runnable otherwise;

  /** Reused by each run on one loop; null after a clause was added. */
  private @Nullable Selection selection;

  private Select() {}

  /** Creates a select without clauses. */
  public static Select first() {
    return new Select();
  }

  /**
   * Adds a clause: a value is received. If the channel is closed and drained, {@link #run} throws
   * {@link ChannelClosedException}.
   *
   * @return this
   */
  public <T> Select onReceive(Channel<T> channel, Consumer<? super T> action) {
    return onReceive(channel, action, null);
  }

  /**
   * Adds a clause: a value is received, or the channel is closed and drained.
   *
   * @param whenClosed runs in place of {@code action} if the channel is closed and drained
   * @return this
   */
  public <T> Select onReceiveOrClosed(
      Channel<T> channel, Consumer<? super T> action, Runnable whenClosed) {
    return onReceive(channel, action, Objects.requireNonNull(whenClosed, "whenClosed"));
  }

  private <T> Select onReceive(
      Channel<T> channel, Consumer<? super T> action, @Nullable Runnable whenClosed) {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(action, "action");
    noteHome(channel);
    return add(new Clause.OfChannel<>(channel, null, action, whenClosed));
  }

  /**
   * Adds a clause: {@code value} is sent. If the channel is closed, {@link #run} throws {@link
   * ChannelClosedException}.
   *
   * @return this
   */
  public <T> Select onSend(Channel<T> channel, T value, Runnable action) {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(action, "action");
    noteHome(channel);
    return add(new Clause.OfChannel<T>(channel, value, _ -> action.run(), null));
  }

  /**
   * Adds a clause: the task has ended with a result, a failure or a cancel. The action receives the
   * task, whose {@code await} does not wait any more.
   *
   * @return this
   */
  public <T extends @Nullable Object> Select onTask(
      Task<T> task, Consumer<? super Task<T>> action) {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(action, "action");
    return add(new Clause.OfTask<>(task, action));
  }

  /**
   * Adds a clause: an operation would not wait, or would fail; for a read, {@code
   * socket.readable()}. The action performs the operation, which waits if another caller was
   * faster.
   *
   * @return this
   */
  public Select onReady(Readiness readiness, Runnable action) {
    Objects.requireNonNull(readiness, "readiness");
    Objects.requireNonNull(action, "action");
    return add(new Clause.OfReadiness(readiness, action));
  }

  /**
   * Adds a clause: the timeout expired. It starts with each {@link #run} and uses the home loop's
   * clock.
   *
   * @return this
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public Select after(Duration timeout, Runnable action) {
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(action, "action");
    return add(new Clause.OfTimeout(Durations.toNanos(timeout, "timeout"), action));
  }

  /**
   * Sets the action to run if no clause is ready at once. The select never waits then.
   *
   * @return this
   * @throws IllegalStateException if there is such an action already
   */
  public Select otherwise(Runnable action) {
    Objects.requireNonNull(action, "action");
    if (otherwise != null) {
      throw new IllegalStateException("the select has an otherwise already");
    }
    otherwise = action;
    return this;
  }

  private Select add(Clause added) {
    clauses.add(added);
    selection = null;
    return this;
  }

  private void noteHome(Channel<?> channel) {
    if (firstChannel == null) {
      firstChannel = channel;
    } else if (firstChannel.home != channel.home) {
      crossesLoops = true;
    }
  }

  /**
   * Waits until a clause is ready, performs it and runs its action.
   *
   * @throws IllegalStateException if the select has no clause, or is running already
   * @throws ChannelClosedException if the channel of the chosen clause is closed
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first;
   *     no clause was performed then
   */
  public void run() {
    if (clauses.isEmpty() && otherwise == null) {
      throw new IllegalStateException(
          "the select has no clause and would wait forever; add one before run()");
    }
    Clause chosen = choose();
    if (chosen != null) {
      chosen.act();
    } else {
      Objects.requireNonNull(otherwise).run();
    }
  }

  private @Nullable Clause choose() {
    if (!crossesLoops) {
      return selection().choose(otherwise != null);
    }
    if (!running.compareAndSet(false, true)) {
      throw new IllegalStateException("the select is running already");
    }
    try {
      return new CrossLoopSelect(EventLoop.currentOrDefault(), clauses).choose(otherwise != null);
    } finally {
      running.set(false);
    }
  }

  private Selection selection() {
    Selection kept = selection;
    if (kept == null) {
      kept =
          firstChannel != null
              ? new LocalSelect(firstChannel, clauses)
              : new LocalSelect(EventLoop.currentOrDefault(), clauses);
      selection = kept;
    }
    return kept;
  }
}
