package dev.goasync.internal.inspect;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The coroutines that others wait for, and by how many. Of a million coroutines that wait for one
 * lock it keeps one entry: that of the holder. What the holder waits for is read later. Written by
 * one thread at a time: each loop's while it is read, and the one that takes the dump.
 */
final class WaitGraph {
  /** A program with more blockers has the same pattern many times. */
  private static final int MAX_BLOCKERS = 10_000;

  private static final int MAX_REMOTE = 10_000;

  /** Of a scope's tasks, for which its coroutine waits. */
  private static final int MAX_BLOCKERS_OF_ONE = 20;

  /** The direct waiters for one coroutine. */
  static final class Waiters {
    final Object kindOfFirst;
    int count;

    Waiters(Object kindOfFirst) {
      this.kindOfFirst = kindOfFirst;
    }
  }

  private record Edge(Fiber from, Fiber to, Object kind) {}

  private record Remote(Fiber fiber, Wait entered) {}

  private final Map<Fiber, Waiters> waiters = new LinkedHashMap<>();
  private final List<Remote> remote = new ArrayList<>();
  private final ConcurrentLinkedQueue<Edge> answers = new ConcurrentLinkedQueue<>();
  private final Map<Fiber, Fiber> remoteBlockers = new HashMap<>();

  // The last entry, since neighbours often wait for the same.
  private @Nullable Fiber lastBlocker;
  private @Nullable Waiters lastWaiters;

  /** Adds the wait of a fiber. The fiber's loop. */
  void add(Fiber fiber, Wait wait) {
    Fiber blocker = wait.blocker();
    if (blocker != null) {
      count(blocker, wait.kind());
    } else if (wait.isKnownToAnotherLoop()) {
      if (remote.size() < MAX_REMOTE) {
        remote.add(new Remote(fiber, wait));
      }
    } else {
      wait.blockers(MAX_BLOCKERS_OF_ONE).forEach(each -> count(each, wait.kind()));
    }
  }

  private void count(Fiber blocker, Object kind) {
    Waiters entry = lastWaiters;
    if (blocker != lastBlocker || entry == null) {
      entry = waiters.get(blocker);
      if (entry == null) {
        if (waiters.size() >= MAX_BLOCKERS) {
          return;
        }
        entry = new Waiters(kind);
        waiters.put(blocker, entry);
      }
      lastBlocker = blocker;
      lastWaiters = entry;
    }
    entry.count++;
  }

  /** The coroutines that must proceed before the wait can end. The loop of the wait. */
  static Set<Fiber> blockersOf(Wait wait) {
    Set<Fiber> blockers = new LinkedHashSet<>(wait.blockers(MAX_BLOCKERS_OF_ONE));
    Fiber only = wait.blocker();
    if (only != null) {
      blockers.add(only);
    }
    return blockers;
  }

  /** Asks the home loops of primitives for the blockers that only they know. */
  void askOtherLoops() {
    for (Remote each : remote) {
      Object kind = each.entered.kind();
      each.entered.visitBlocker(blocker -> answers.add(new Edge(each.fiber, blocker, kind)));
    }
  }

  /** Adds the answers that have come. */
  void addAnswers() {
    for (Edge edge = answers.poll(); edge != null; edge = answers.poll()) {
      remoteBlockers.put(edge.from, edge.to);
      count(edge.to, edge.kind);
    }
  }

  /** The blocker that another loop has named; null if there is none. */
  @Nullable Fiber remoteBlockerOf(Fiber fiber) {
    return remoteBlockers.get(fiber);
  }

  /** The coroutines that others wait for, with their direct waiters. */
  Map<Fiber, Waiters> waiters() {
    return waiters;
  }
}
