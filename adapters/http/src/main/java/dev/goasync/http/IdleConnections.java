package dev.goasync.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The unused connections of HTTP/1.1, the youngest first. Any thread; the lock is held for a few
 * operations on maps, and never while a coroutine waits.
 */
final class IdleConnections {
  private static final int MAX_PER_ORIGIN = 64;

  /** A connection and when it became idle. */
  private record Idle(Http1ClientConnection connection, long since) {}

  private final long timeoutNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Origin, Deque<Idle>> byOrigin = new HashMap<>(); // guarded by lock
  private boolean closed; // guarded by lock

  IdleConnections(Duration timeout) {
    this.timeoutNanos = timeout.toNanos();
  }

  /** Takes a connection that the server has not closed; null if there is none. */
  @Nullable Http1ClientConnection take(Origin origin) throws IOException {
    List<Http1ClientConnection> dropped = new ArrayList<>(0);
    Http1ClientConnection found = null;
    lock.lock();
    try {
      dropOld(System.nanoTime(), dropped);
      Deque<Idle> all = byOrigin.get(origin);
      while (all != null && found == null && !all.isEmpty()) {
        Http1ClientConnection youngest = all.removeFirst().connection();
        if (youngest.isUsable()) {
          found = youngest;
        } else {
          dropped.add(youngest);
        }
      }
    } finally {
      lock.unlock();
    }
    for (Http1ClientConnection each : dropped) {
      each.close();
    }
    return found;
  }

  private void dropOld(long now, List<Http1ClientConnection> dropped) {
    for (Deque<Idle> each : byOrigin.values()) {
      while (!each.isEmpty() && now - each.getLast().since() > timeoutNanos) {
        dropped.add(each.removeLast().connection());
      }
    }
  }

  /** Keeps a connection, or closes it if there are enough. */
  void keep(Http1ClientConnection connection) throws IOException {
    boolean kept = false;
    lock.lock();
    try {
      Deque<Idle> all = byOrigin.computeIfAbsent(connection.origin(), _ -> new ArrayDeque<>());
      if (!closed && all.size() < MAX_PER_ORIGIN) {
        all.addFirst(new Idle(connection, System.nanoTime()));
        kept = true;
      }
    } finally {
      lock.unlock();
    }
    if (!kept) {
      connection.close();
    }
  }

  void close() throws IOException {
    List<Idle> all = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      byOrigin.values().forEach(all::addAll);
      byOrigin.clear();
    } finally {
      lock.unlock();
    }
    for (Idle each : all) {
      each.connection().close();
    }
  }
}
