package dev.goasync.examples.replicated;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a history of a key-value store is linearizable: whether each operation can have
 * had its effect at one moment between call and answer.
 *
 * <p>The search is that of J. Wing and C. Gong, "Testing and Verifying Concurrent Objects" (1993),
 * with the improvements of G. Lowe, "Testing for Linearizability" (2017): states that were visited
 * are remembered, and the keys are checked one by one, which suffices since linearizability is
 * local (Herlihy and Wing, 1990). An operation without an answer may have its effect at any time
 * after the call, or never.
 */
final class Linearizability {
  private final List<Operation> operations;
  private final Set<Visited> visited = new HashSet<>();
  private final BitSet done = new BitSet();
  private int answeredLeft;

  private record Visited(BitSet done, @Nullable String value) {}

  private Linearizability(List<Operation> operations) {
    this.operations = operations;
    this.answeredLeft = (int) operations.stream().filter(Operation::isAnswered).count();
  }

  /** Returns the operations of a key that have no order; null if there is no such key. */
  static @Nullable List<Operation> violation(List<Operation> history) {
    Map<String, List<Operation>> byKey = new TreeMap<>();
    for (Operation operation : history) {
      byKey.computeIfAbsent(operation.key(), _ -> new ArrayList<>()).add(operation);
    }
    for (List<Operation> ofKey : byKey.values()) {
      List<Operation> seen = new ArrayList<>(ofKey);
      seen.removeIf(operation -> !operation.isAnswered() && !isSeen(operation, ofKey));
      seen.sort((one, two) -> Long.compare(one.start(), two.start()));
      if (!new Linearizability(seen).isPossible()) {
        return ofKey;
      }
    }
    return null;
  }

  /**
   * Whether a result shows the effect of an operation without an answer. If none does, the history
   * has an order with the operation exactly if it has one without.
   */
  private static boolean isSeen(Operation unanswered, List<Operation> ofKey) {
    if (unanswered.kind() == Command.Kind.GET) {
      return false;
    }
    for (Operation operation : ofKey) {
      String result = operation.result();
      if (result != null && result.contains(unanswered.value())) {
        return true;
      }
    }
    return false;
  }

  /** A depth-first search without recursion: histories are long. */
  private boolean isPossible() {
    List<Step> path = new ArrayList<>();
    @Nullable String value = null;
    int from = 0;
    while (answeredLeft > 0) {
      int next = nextPossible(from, value);
      if (next >= 0) {
        path.add(new Step(next, value));
        value = operations.get(next).apply(value);
        mark(next, true);
        from = 0;
      } else if (path.isEmpty()) {
        return false;
      } else {
        Step last = path.removeLast();
        mark(last.operation, false);
        value = last.valueBefore;
        from = last.operation + 1;
      }
    }
    return true;
  }

  private record Step(int operation, @Nullable String valueBefore) {}

  private void mark(int operation, boolean isDone) {
    done.set(operation, isDone);
    if (operations.get(operation).isAnswered()) {
      answeredLeft += isDone ? -1 : 1;
    }
  }

  /** The first operation from an index on that may be next and leads to a new state; or -1. */
  private int nextPossible(int from, @Nullable String value) {
    long firstEnd = Operation.NEVER;
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      Operation operation = operations.get(i);
      if (operation.start() > firstEnd) {
        return -1; // it was called after another one was answered, which must come first
      }
      firstEnd = Math.min(firstEnd, operation.end());
      if (i >= from && isPossible(i, operation, value)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isPossible(int index, Operation operation, @Nullable String value) {
    String after = operation.apply(value);
    if (operation.isAnswered() && !Objects.equals(after, operation.result())) {
      return false;
    }
    BitSet then = (BitSet) done.clone();
    then.set(index);
    return visited.add(new Visited(then, after));
  }
}
