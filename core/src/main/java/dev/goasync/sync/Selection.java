package dev.goasync.sync;

import dev.goasync.EventLoop;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Select} that runs on its home loop. For its caller, choosing a clause is an
 * operation of a primitive. How a select runs is described in {@link Select}.
 */
abstract class Selection extends LoopPrimitive {
  /** Operation: waits until a clause was chosen. */
  static final int CHOOSE = 0;

  /** Operation: answers {@link Waiter.Outcome#NOT_READY} if no clause is ready. */
  static final int TRY = 1;

  final List<Clause> clauses;

  Selection(LoopPrimitive neighbour, List<Clause> clauses) {
    super(neighbour);
    this.clauses = List.copyOf(clauses);
  }

  Selection(EventLoop home, List<Clause> clauses) {
    super(home);
    this.clauses = List.copyOf(clauses);
  }

  /** Caller: the chosen clause; null if none is ready and {@code hasOtherwise}. */
  final @Nullable Clause choose(boolean hasOtherwise) {
    Object answer = await(hasOtherwise ? TRY : CHOOSE, null);
    return answer == Waiter.Outcome.NOT_READY ? null : (Clause) answer;
  }

  /** Home loop: a registered clause was performed; ignored if the selection is over. */
  abstract void performed(Clause clause);

  @Override
  final String describe(Waiter waiter) {
    return clauses.stream()
        .map(Clause::describe)
        .collect(Collectors.joining(" or ", "the first of: ", ""));
  }

  @Override
  public final String toString() {
    return "select of " + clauses.size() + " clause(s)";
  }
}
