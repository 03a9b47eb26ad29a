package dev.goasync.net;

import dev.goasync.DeadlineExceededException;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.io.ByteStream;
import dev.goasync.sync.Semaphore;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The accepting coroutines of a {@link Server}: one on each loop. The scope of each runs the
 * coroutines of the connections that it accepted. An accepting coroutine ends after the listener
 * has been closed and its connections have ended; cancelling it cancels them.
 *
 * <p>Life of a connection, all on the loop that accepted it:
 *
 * <ol>
 *   <li>A permit is acquired if there is a limit, then the listener is asked for a connection.
 *   <li>The connection is counted and its coroutine is started.
 *   <li>The end of the coroutine, or a failed start, closes the connection, counts its end and
 *       releases the permit ({@link #end}).
 * </ol>
 *
 * @param <C> the type of the connections
 */
final class Acceptors<C extends ByteStream> {
  /**
   * The pause after the system could not accept a connection. Twenty failing calls a second cost
   * little, and a descriptor that becomes free is soon used.
   */
  static final Duration PAUSE = Duration.ofMillis(50);

  private static final System.Logger LOG = System.getLogger("dev.goasync.net");

  static {
    // The JDK's logging reads the time zones for its first record. Without descriptors that fails,
    // and the JDK does not try again.
    var _ = ZoneId.systemDefault().getRules();
  }

  private final Listener<C> listener;
  private final ConnectionHandler<? super C> handler;
  private final Consumer<? super Throwable> onFailure;

  /** A permit is held from before the accept to the connection's end; null without a limit. */
  private final @Nullable Semaphore permits;

  private final ScopedValue.Carrier binding;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicInteger accepting;
  private final List<Task<@Nullable Void>> tasks;

  /**
   * @param binding the scoped values that the coroutines of connections see
   */
  Acceptors(
      Listener<C> listener,
      ConnectionHandler<? super C> handler,
      Server.Options options,
      List<EventLoop> loops,
      ScopedValue.Carrier binding) {
    this.listener = listener;
    this.handler = handler;
    this.binding = binding;
    Consumer<? super Throwable> failureListener = options.onFailure;
    this.onFailure = failureListener == null ? this::log : failureListener;
    int max = options.maxConnections;
    this.permits = max == Integer.MAX_VALUE ? null : new Semaphore(loops.getFirst(), max, max);
    this.accepting = new AtomicInteger(loops.size());
    String name = "server of " + listener.localAddress();
    this.tasks = loops.stream().map(loop -> loop.goAsync(name, this::acceptAndServe)).toList();
  }

  int connections() {
    long endedBefore = ended.get(); // read first, so that the difference is not negative
    return (int) (accepted.get() - endedBefore);
  }

  long accepted() {
    return accepted.get();
  }

  /** Waits until all accepting coroutines have ended. */
  void await() {
    tasks.forEach(Acceptors::awaitEnd);
  }

  /** Waits until a task has ended, also if it was cancelled. */
  static void awaitEnd(Task<?> task) {
    try {
      task.await();
    } catch (CancellationException cancelled) {
      if (!task.isCompleted()) {
        throw cancelled; // the caller was cancelled, not the task
      }
    }
  }

  /** Runs {@code action} when all accepting coroutines have ended; now if they have. */
  void whenEnded(Runnable action) {
    AtomicInteger left = new AtomicInteger(tasks.size());
    for (Task<?> task : tasks) {
      task.onCompletion(_ -> {
        if (left.decrementAndGet() == 0) {
          action.run();
        }
      });
    }
  }

  void cancel(String reason) {
    tasks.forEach(task -> task.cancel(reason));
  }

  /** Waits until all accepting coroutines have ended, and cancels the rest after {@code grace}. */
  void drain(Duration grace) {
    try {
      GoAsync.withTimeout(grace, this::await);
    } catch (DeadlineExceededException _) {
      cancel("the server was stopped, and the connection did not end within " + grace);
      await();
    }
  }

  // ---- on one loop ----

  private void acceptAndServe() {
    try {
      TaskScope.with()
          .policy(TaskScope.Policy.COLLECT_ALL)
          .<@Nullable Void, RuntimeException>run(scope -> {
            acceptAll(scope);
            return null;
          });
    } finally {
      if (accepting.decrementAndGet() == 0) {
        close(listener); // so that clients are refused instead of waiting
      }
    }
  }

  private void acceptAll(TaskScope scope) {
    boolean warned = false;
    while (true) {
      try {
        acceptOne(scope);
        warned = false;
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException refused) {
        warned = warned || warn(refused);
        GoAsync.sleep(PAUSE);
      }
    }
  }

  /** Returns whether the warning was logged: without descriptors logging may fail as well. */
  private boolean warn(IOException refused) {
    try {
      LOG.log(
          System.Logger.Level.WARNING,
          "cannot accept connections at "
              + listener.localAddress()
              + "; the server tries again until it can; if the process has too many open"
              + " descriptors, raise ulimit -n or limit the server with maxConnections",
          refused);
      return true;
    } catch (RuntimeException | Error _) {
      return false;
    }
  }

  private void acceptOne(TaskScope scope) throws IOException {
    if (permits != null) {
      permits.acquire();
    }
    C connection = null;
    boolean started = false;
    try {
      connection = listener.accept();
      accepted.incrementAndGet();
      start(scope, connection);
      started = true;
    } finally {
      if (!started) {
        end(connection);
      }
    }
  }

  private void start(TaskScope scope, C connection) {
    scope
        .goAsync(() -> {
          try (connection) {
            binding.call(() -> {
              handler.handle(connection);
              return connection;
            });
          }
        })
        .onCompletion(task -> {
          end(connection);
          Throwable failure = task.failure();
          if (failure != null && !task.isCancelled()) {
            onFailure.accept(failure);
          }
        });
  }

  /**
   * Ends a connection, also one whose coroutine was cancelled before it began.
   *
   * @param connection null if none was accepted
   */
  private void end(@Nullable C connection) {
    if (permits != null) {
      permits.release();
    }
    if (connection != null) {
      ended.incrementAndGet();
      close(connection);
    }
  }

  private static void close(Channel channel) {
    try {
      channel.close();
    } catch (IOException failed) {
      LOG.log(System.Logger.Level.WARNING, channel + " could not be closed", failed);
    }
  }

  private void log(Throwable failure) {
    if (!(failure instanceof IOException)) {
      LOG.log(
          System.Logger.Level.ERROR,
          "a connection of " + listener.localAddress() + " failed",
          failure);
    }
  }
}
