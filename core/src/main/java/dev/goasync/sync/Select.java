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
 * Waits for the first of several things, and does that one.
 *
 * <pre>{@code
 * Select.first()
 *     .onReceive(orders, order -> cook(order))
 *     .onSend(dishes, dish, () -> forget(dish))
 *     .onTask(closingTime, task -> goHome())
 *     .onReady(phone.readable(), () -> answer(phone))
 *     .after(Duration.ofMinutes(5), () -> takeBreak())
 *     .run();
 * }</pre>
 *
 * <p>Exactly one case happens; the others take no value, send none and leave nothing behind. Among
 * cases that are ready at once the choice is by lot, the same in every run of the program, so none
 * starves. The chosen case's action runs in the caller, after the choice; what it throws comes out
 * of {@link #run}.
 *
 * <p>A select is built and run by one caller; it may be run again and again, which costs less than
 * building it anew. Its channels may live on several loops, which costs a message to each of them
 * and back; the select's timers go by the clock of its caller's loop then. Memory, cancelling and
 * the rest are as the {@linkplain dev.goasync.sync package's description} says.
 */
public final class Select {
  private final List<Clause> cases = new ArrayList<>();
  private @Nullable LoopPrimitive member;
  private boolean wide;

  /** Of a wide one, whose runs have no home in common. */
  private final AtomicBoolean running = new AtomicBoolean();

  private @Nullable Runnable otherwise;
  private @Nullable Selection selection;

  private Select() {}

  /** A select without cases, to which they are added. */
  public static Select first() {
    return new Select();
  }

  /**
   * A case: a value is received. If the channel is closed and drained {@link #run} throws {@link
   * ChannelClosedException}.
   */
  public <T> Select onReceive(Channel<T> channel, Consumer<? super T> action) {
    return onReceive(channel, action, null);
  }

  /**
   * Like {@link #onReceive(Channel, Consumer)}, with what to do if the channel is closed and
   * drained.
   */
  public <T> Select onReceiveOrClosed(
      Channel<T> channel, Consumer<? super T> action, Runnable whenClosed) {
    return onReceive(channel, action, Objects.requireNonNull(whenClosed, "whenClosed"));
  }

  private <T> Select onReceive(
      Channel<T> channel, Consumer<? super T> action, @Nullable Runnable whenClosed) {
    noteHome(channel);
    Objects.requireNonNull(action, "action");
    return add(new ChannelClause<>(channel, null, action, whenClosed));
  }

  /**
   * A case: {@code value} is sent. If the channel is closed {@link #run} throws {@link
   * ChannelClosedException}.
   */
  public <T> Select onSend(Channel<T> channel, T value, Runnable action) {
    noteHome(channel);
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(action, "action");
    return add(new ChannelClause<T>(channel, value, _ -> action.run(), null));
  }

  /** A case: the task has ended, in whichever way. The action gets the task, to await it. */
  public <T extends @Nullable Object> Select onTask(
      Task<T> task, Consumer<? super Task<T>> action) {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(action, "action");
    return add(new TaskClause<>(task, action));
  }

  /**
   * A case: an operation would not wait, or would fail, such as a read of {@code
   * socket.readable()}. The action does it. Where it was another who did it first, the action
   * waits.
   */
  public Select onReady(Readiness readiness, Runnable action) {
    Objects.requireNonNull(readiness, "readiness");
    Objects.requireNonNull(action, "action");
    return add(new ReadinessClause(readiness, action));
  }

  /**
   * A case: the time is over, from the beginning of each {@link #run}, by the home loop's clock.
   *
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public Select after(Duration delay, Runnable action) {
    Objects.requireNonNull(action, "action");
    return add(new TimeClause(Durations.toNanos(delay, "delay"), action));
  }

  /**
   * What happens if no other case is ready at once: the select never waits.
   *
   * @throws IllegalStateException if there is such an action already
   */
  public Select otherwise(Runnable action) {
    if (otherwise != null) {
      throw new IllegalStateException("the select has an otherwise already");
    }
    otherwise = Objects.requireNonNull(action, "action");
    return this;
  }

  private Select add(Clause added) {
    cases.add(added);
    selection = null;
    return this;
  }

  private void noteHome(Channel<?> channel) {
    Objects.requireNonNull(channel, "channel");
    wide |= member != null && member.home != channel.home;
    member = channel;
  }

  /**
   * Waits until a case is ready, has it happen and runs its action.
   *
   * @throws IllegalStateException if there is no case, or the select runs already
   * @throws ChannelClosedException if the case that happened is one of a closed channel
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first;
   *     no case has happened then
   */
  public void run() {
    if (cases.isEmpty() && otherwise == null) {
      throw new IllegalStateException("the select has no case: it would wait for ever");
    }
    Clause chosen = choose();
    if (chosen != null) {
      chosen.act();
    } else {
      Objects.requireNonNull(otherwise).run();
    }
  }

  private @Nullable Clause choose() {
    if (!wide) {
      return selection().choose(otherwise != null);
    }
    if (!running.compareAndSet(false, true)) {
      throw new IllegalStateException("the select runs already");
    }
    try {
      return new CrossLoopSelect(EventLoop.currentOrDefault(), cases).choose(otherwise != null);
    } finally {
      running.set(false);
    }
  }

  private Selection selection() {
    Selection kept = selection;
    if (kept == null) {
      kept =
          member != null
              ? new LocalSelect(member, cases)
              : new LocalSelect(EventLoop.currentOrDefault(), cases);
      selection = kept;
    }
    return kept;
  }
}
