package dev.goasync.sync;

import dev.goasync.Task;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.LoopTimer;
import dev.goasync.internal.task.TaskAccess;
import dev.goasync.internal.task.TaskCore;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of a {@link Select}: an event to wait for and an action. All methods but {@link
 * #act} run on the selection's home loop, for one run of the select at a time.
 */
abstract sealed class Clause {
  /** The selection that the clause is registered with; null while it is not registered. */
  @Nullable Selection selection;

  /** Whether the clause could be performed now. */
  abstract boolean isReady();

  /**
   * Performs a clause that is ready.
   *
   * @return false if it was ready only for a select that another loop has decided since; the caller
   *     asks {@link #isReady} again then
   */
  abstract boolean perform();

  /** From now on, until {@link #unregister}, notifies {@code target} when it was performed. */
  abstract void register(Selection target);

  /** Undoes {@link #register}. */
  abstract void unregister();

  /** Caller: runs the action of the clause that was chosen. */
  abstract void act();

  /** Whether an event outside the home loop can make the clause ready. */
  boolean isExternal(Selection asker) {
    return false;
  }

  /** Whether a timer is going to end the select. */
  boolean isTimed() {
    return false;
  }

  /** Describes the event. */
  abstract String describe();

  final void notifyPerformed() {
    Selection target = selection;
    if (target != null) {
      target.performed(this);
    }
  }

  /** A receive, or a send if there is a value. Its entry in the channel's queue is a waiter. */
  static final class OfChannel<T> extends Clause {
    private final Channel<T> channel;
    private final @Nullable T value;
    private final Consumer<? super T> action;
    private final @Nullable Runnable whenClosed;
    private final Entry entry;

    /** Notifies the selection when the channel has served it. */
    private final class Entry extends Waiter {
      Entry() {
        super(channel);
      }

      @Override
      void resume() {
        notifyPerformed();
      }
    }

    OfChannel(
        Channel<T> channel,
        @Nullable T value,
        Consumer<? super T> action,
        @Nullable Runnable whenClosed) {
      this.channel = channel;
      this.value = value;
      this.action = action;
      this.whenClosed = whenClosed;
      this.entry = new Entry();
      prepare(entry);
    }

    Channel<T> channel() {
      return channel;
    }

    /** Gives {@code waiter} the operation of this clause. */
    void prepare(Waiter waiter) {
      waiter.operation = value != null ? Channel.SEND : Channel.RECEIVE;
      waiter.argument = value;
    }

    /** Stores the answer that a remote entry of this clause has received. */
    void setAnswer(Object answer) {
      entry.answer = answer;
    }

    @Override
    boolean isReady() {
      return channel.isReady(entry);
    }

    @Override
    boolean perform() {
      entry.prepareAgain();
      return channel.tryBegin(entry);
    }

    @Override
    void register(Selection target) {
      selection = target;
      entry.prepareAgain();
      channel.enqueue(entry);
    }

    @Override
    void unregister() {
      selection = null;
      if (entry.queue != null) {
        entry.queue.remove(entry);
      }
    }

    @Override
    void act() {
      Object answer = Objects.requireNonNull(entry.answer);
      entry.answer = null;
      if (!(answer instanceof Channel.Closed end)) {
        action.accept(value != null ? value : channel.asValue(answer));
      } else if (whenClosed != null) {
        whenClosed.run();
      } else {
        throw channel.closedException(end);
      }
    }

    @Override
    String describe() {
      return channel.describe(entry);
    }
  }

  /** The end of a task. It can come on any thread, which sends it to the home loop. */
  static final class OfTask<T extends @Nullable Object> extends Clause {
    private final Task<T> task;
    private final Consumer<? super Task<T>> action;
    private @Nullable Consumer<TaskCore<?>> listener;

    OfTask(Task<T> task, Consumer<? super Task<T>> action) {
      this.task = task;
      this.action = action;
    }

    @Override
    boolean isReady() {
      return task.isCompleted();
    }

    @Override
    boolean perform() {
      return true;
    }

    @Override
    void register(Selection target) {
      selection = target;
      Consumer<TaskCore<?>> onEnd =
          _ -> {
            try {
              target.home.execute(this::notifyPerformed);
            } catch (RejectedExecutionException homeIsClosed) {
              // the caller of the select was resumed when the loop closed
            }
          };
      listener = onEnd;
      TaskAccess.addListener(task, onEnd);
    }

    @Override
    void unregister() {
      selection = null;
      if (listener != null) {
        TaskAccess.removeListener(task, listener);
        listener = null;
      }
    }

    @Override
    void act() {
      action.accept(task);
    }

    @Override
    boolean isExternal(Selection asker) {
      Fiber worker = TaskAccess.fiberOf(task);
      return worker == null || worker.loop() != asker.home;
    }

    @Override
    String describe() {
      return task.toString();
    }
  }

  /** A timeout, which starts when the clause is registered. */
  static final class OfTimeout extends Clause {
    private final long nanos;
    private final Runnable action;
    private final LoopTimer timer =
        new LoopTimer() {
          @Override
          protected void fire() {
            notifyPerformed();
          }
        };

    OfTimeout(long nanos, Runnable action) {
      this.nanos = nanos;
      this.action = action;
    }

    @Override
    boolean isReady() {
      return false;
    }

    @Override
    boolean perform() {
      return true;
    }

    @Override
    void register(Selection target) {
      selection = target;
      target.home.addTimer(timer, target.home.time().nanoTime() + nanos);
    }

    @Override
    void unregister() {
      Selection registeredWith = selection;
      if (registeredWith != null) {
        registeredWith.home.cancelTimer(timer);
      }
      selection = null;
    }

    @Override
    void act() {
      action.run();
    }

    @Override
    boolean isTimed() {
      return true;
    }

    @Override
    String describe() {
      return "a timer";
    }
  }

  /**
   * The readiness of a resource or of a {@link Timer}. A fiber of the home loop waits for it, so
   * deadlock detection sees that fiber's wait. A readiness that fails counts as ready: the
   * operation in the action then throws the failure.
   */
  static final class OfReadiness extends Clause {
    private final Readiness readiness;
    private final Runnable action;
    private @Nullable Watcher watcher;

    OfReadiness(Readiness readiness, Runnable action) {
      this.readiness = readiness;
      this.action = action;
    }

    /** Waits for the readiness and notifies the selection, unless the clause was unregistered. */
    private final class Watcher extends Fiber {
      Watcher(Selection target) {
        super(target.home);
      }

      @Override
      protected void execute() {
        try {
          readiness.await();
        } catch (IOException | RuntimeException failed) {
          if (failed instanceof CancellationException) {
            return;
          }
        }
        if (watcher == this) {
          notifyPerformed();
        }
      }

      @Override
      protected void neverRan(Cancellation cause) {}

      @Override
      public String describe() {
        return "a select's wait for " + readiness;
      }
    }

    @Override
    boolean isReady() {
      try {
        return readiness.isReady();
      } catch (IOException | RuntimeException failed) {
        return true;
      }
    }

    @Override
    boolean perform() {
      return true;
    }

    @Override
    void register(Selection target) {
      selection = target;
      Watcher started = new Watcher(target);
      watcher = started;
      target.home.startFiber(started);
    }

    @Override
    void unregister() {
      selection = null;
      if (watcher != null) {
        watcher.cancel("the select is over");
        watcher = null;
      }
    }

    @Override
    void act() {
      action.run();
    }

    @Override
    String describe() {
      return readiness.toString();
    }
  }
}
