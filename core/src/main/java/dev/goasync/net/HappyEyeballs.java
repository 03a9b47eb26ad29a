package dev.goasync.net;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one of a host's addresses by RFC 8305 ("happy eyeballs"): IPv6 and IPv4 addresses
 * alternate, an attempt has a head start before the next one begins beside it, and the first
 * connection wins. Used once, by one coroutine or thread.
 *
 * @param <S> the type of the connection
 */
final class HappyEyeballs<S extends Closeable> {
  /** The RFC's "connection attempt delay". */
  static final Duration HEAD_START = Duration.ofMillis(250);

  /** Connects to one address. */
  @FunctionalInterface
  interface Attempt<S extends Closeable> {
    S on(InetSocketAddress remote) throws IOException;
  }

  private final Attempt<S> attempt;

  /** The first connection; closed again if it is not returned. */
  private @Nullable S winner;

  private @Nullable IOException firstFailure;

  HappyEyeballs(Attempt<S> attempt) {
    this.attempt = attempt;
  }

  /**
   * @param remotes at least one, best first
   * @throws IOException if all attempts fail: the first address's failure, with the others
   *     suppressed
   */
  S connect(List<InetSocketAddress> remotes) throws IOException {
    List<InetSocketAddress> ordered = interleave(remotes);
    if (ordered.size() > 1 && GoAsync.inCoroutine()) {
      race(ordered);
    } else {
      for (int i = 0; i < ordered.size() && winner == null; i++) {
        tryOne(ordered.get(i));
      }
    }
    S connected = winner;
    if (connected == null) {
      throw Objects.requireNonNull(firstFailure);
    }
    return connected;
  }

  private void race(List<InetSocketAddress> remotes) throws IOException {
    boolean raced = false;
    try {
      TaskScope.<@Nullable Void, IOException>run(scope -> {
        List<Task<@Nullable Void>> running = new ArrayList<>();
        for (int i = 0; i < remotes.size() && winner == null; i++) {
          InetSocketAddress remote = remotes.get(i);
          running.add(scope.goAsync(() -> tryOne(remote)));
          if (i < remotes.size() - 1) {
            awaitHeadStart(running);
          }
        }
        while (winner == null && !running.isEmpty()) {
          running.remove(GoAsync.awaitAny(running));
        }
        running.forEach(Task::cancel);
        return null;
      });
      raced = true;
    } finally {
      S unwanted = winner;
      if (!raced && unwanted != null) {
        unwanted.close();
      }
    }
  }

  /** Waits for the head start, or until an attempt ends: if it failed, the next begins at once. */
  private static void awaitHeadStart(List<Task<@Nullable Void>> running) {
    try {
      running.remove(GoAsync.awaitAny(HEAD_START, running));
    } catch (DeadlineExceededException _) {
      // the next attempt begins beside the running ones
    }
  }

  private void tryOne(InetSocketAddress remote) throws IOException {
    try {
      S connected = attempt.on(remote);
      if (winner == null) {
        winner = connected;
      } else {
        connected.close(); // both connected before either was cancelled
      }
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException refused) {
      IOException first = firstFailure;
      if (first == null) {
        firstFailure = refused;
      } else {
        first.addSuppressed(refused);
      }
    }
  }

  /** Alternates the two address families, starting with that of the first address. */
  static List<InetSocketAddress> interleave(List<InetSocketAddress> remotes) {
    Class<?> preferred = remotes.getFirst().getAddress().getClass();
    Deque<InetSocketAddress> first = new ArrayDeque<>();
    Deque<InetSocketAddress> second = new ArrayDeque<>();
    for (InetSocketAddress remote : remotes) {
      (remote.getAddress().getClass() == preferred ? first : second).add(remote);
    }
    List<InetSocketAddress> ordered = new ArrayList<>(remotes.size());
    while (!first.isEmpty() || !second.isEmpty()) {
      if (!first.isEmpty()) {
        ordered.add(first.remove());
      }
      if (!second.isEmpty()) {
        ordered.add(second.remove());
      }
    }
    return ordered;
  }
}
