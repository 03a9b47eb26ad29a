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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The running half of a server: on each loop a coroutine that accepts, and in whose scope the
 * connections are served. It ends when the listener has been closed and its connections have ended;
 * cancelling it cancels them.
 *
 * @param <C> the connections
 */
final class Acceptors<C extends ByteStream> {
  /**
   * How long to wait when the system cannot take a connection. Twenty vain calls a second cost
   * nothing, and a descriptor that comes free is soon in use.
   */
  static final Duration PAUSE = Duration.ofMillis(50);

  private static final System.Logger LOG = System.getLogger("dev.goasync.net");

  static {
    // The first record of the JDK's logging reads the time zones, which fails without descriptors,
    // and then for ever.
    var _ = ZoneId.systemDefault().getRules();
  }

  private final Listener<C> listener;
  private final ConnectionHandler<? super C> handler;
  private final Consumer<? super Throwable> onFailure;

  /** A permit is held while accepting, too; null without a limit. */
  private final @Nullable Semaphore limit;

  private final ScopedValue.Carrier serves;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger accepting;
  private final List<Task<@Nullable Void>> tasks;

  /**
   * @param serves what tells the coroutines of connections
   */
  Acceptors(
      Listener<C> listener,
      ConnectionHandler<? super C> handler,
      Server.Options options,
      List<EventLoop> loops,
      ScopedValue.Carrier serves) {
    this.listener = listener;
    this.handler = handler;
    this.serves = serves;
    Consumer<? super Throwable> told = options.onFailure;
    this.onFailure = told == null ? this::log : told;
    this.limit =
        options.most == Integer.MAX_VALUE
            ? null
            : new Semaphore(loops.getFirst(), options.most, options.most);
    this.accepting = new AtomicInteger(loops.size());
    String name = "server of " + listener.localAddress();
    this.tasks = loops.stream().map(loop -> loop.goAsync(name, this::serve)).toList();
  }

  int connections() {
    return connections.get();
  }

  /** Waits until all have ended. */
  void await() {
    for (Task<?> task : tasks) {
      try {
        task.await();
      } catch (CancellationException cancelled) {
        if (!task.isCompleted()) {
          throw cancelled; // the caller is
        }
      }
    }
  }

  /** Has {@code action} run when all have ended, or now. */
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

  /** Waits until all have ended, and cancels what has not after {@code grace}. */
  void drain(Duration grace) {
    try {
      GoAsync.withTimeout(grace, this::await);
    } catch (DeadlineExceededException _) {
      cancel("its server was stopped, and the grace of " + grace + " is over");
      await();
    }
  }

  // ---- a loop's side ----

  private void serve() {
    try {
      TaskScope.with()
          .policy(TaskScope.Policy.COLLECT_ALL)
          .<@Nullable Void, RuntimeException>run(scope -> {
            acceptAll(scope);
            return null;
          });
    } finally {
      if (accepting.decrementAndGet() == 0) { // clients need not wait for what will not come
        close(listener);
      }
    }
  }

  private void acceptAll(TaskScope scope) {
    boolean complained = false;
    while (true) {
      try {
        acceptOne(scope);
        complained = false;
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException refused) {
        complained = complained || complain(refused);
        GoAsync.sleep(PAUSE);
      }
    }
  }

  /** Returns whether it could be logged: without descriptors the log may fail as well. */
  private boolean complain(IOException refused) {
    try {
      LOG.log(
          System.Logger.Level.WARNING,
          "cannot take connections at "
              + listener.localAddress()
              + " now and will try again until it works; if descriptors are wanting, raise"
              + " ulimit -n or give the server a limit with atMost",
          refused);
      return true;
    } catch (RuntimeException | Error _) {
      return false;
    }
  }

  private void acceptOne(TaskScope scope) throws IOException {
    if (limit != null) {
      limit.acquire();
    }
    C connection = null;
    boolean begun = false;
    try {
      connection = listener.accept();
      connections.incrementAndGet();
      begin(scope, connection);
      begun = true;
    } finally {
      if (!begun) {
        end(connection);
      }
    }
  }

  private void begin(TaskScope scope, C connection) {
    scope
        .goAsync(() -> {
          try (connection) {
            serves.call(() -> {
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

  /** Closes also what was cancelled before its coroutine began; null if none was accepted. */
  private void end(@Nullable C connection) {
    if (limit != null) {
      limit.release();
    }
    if (connection != null) {
      connections.decrementAndGet();
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
