package dev.goasync.sync;

import dev.goasync.EventLoop;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happens on the home loop when a {@link Select} runs. To its caller it is an operation like
 * any other.
 */
abstract class Selection extends LoopPrimitive {
  static final int CHOOSE = 0;
  static final int TRY = 1;

  /** The answer of a try when no case is ready. */
  static final Object NONE = new Object();

  final List<Clause> cases;

  Selection(LoopPrimitive neighbour, List<Clause> cases) {
    super(neighbour);
    this.cases = List.copyOf(cases);
  }

  Selection(EventLoop home, List<Clause> cases) {
    super(home);
    this.cases = List.copyOf(cases);
  }

  /** The caller's side: the case that has happened; null if none did and that will do. */
  final @Nullable Clause choose(boolean orNone) {
    Object answer = await(orNone ? TRY : CHOOSE, null);
    return answer == NONE ? null : (Clause) answer;
  }

  /** Home loop: a case that was entered has happened, unless the selection is over. */
  abstract void happened(Clause happened);

  @Override
  final String describe(Waiter asked) {
    return cases.stream()
        .map(Clause::describe)
        .collect(Collectors.joining(" or ", "the first of: ", ""));
  }

  @Override
  public final String toString() {
    return "select of " + cases.size() + " case(s)";
  }
}
