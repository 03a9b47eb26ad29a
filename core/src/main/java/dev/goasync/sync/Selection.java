package dev.goasync.sync;

import dev.goasync.EventLoop;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happens on the home loop when a {@link Select} runs. To its caller it is an operation like
 * any other; on the home loop it stands in the queues of its cases, all at once. The first case
 * that happens has the others leave before anything else can happen, as all of them belong to one
 * loop.
 */
final class Selection extends Primitive {
  private static final int CHOOSE = 0;
  private static final int TRY = 1;

  /** The answer of a try when no case is ready. */
  private static final Object NONE = new Object();

  private final List<Case> cases;
  private @Nullable Waiter waiter;

  Selection(Primitive neighbour, List<Case> cases) {
    super(neighbour);
    this.cases = List.copyOf(cases);
  }

  Selection(EventLoop home, List<Case> cases) {
    super(home);
    this.cases = List.copyOf(cases);
  }

  /** The caller's side: the case that has happened; null if none did and that will do. */
  @Nullable Case choose(boolean orNone) {
    Object answer = await(orNone ? TRY : CHOOSE, null);
    return answer == NONE ? null : (Case) answer;
  }

  @Override
  void begin(Waiter asked) {
    if (waiter != null) {
      throw new IllegalStateException("the select runs already");
    }
    Case ready = chooseReady();
    if (ready != null) {
      ready.happen();
      asked.end(ready);
    } else if (asked.operation == TRY) {
      asked.end(NONE);
    } else {
      waiter = asked;
      for (Case each : cases) {
        each.enter(this);
      }
    }
  }

  private @Nullable Case chooseReady() {
    int ready = 0;
    for (Case each : cases) {
      if (each.isReady()) {
        ready++;
      }
    }
    int skipped = ready > 1 ? home.lot().draw(ready) : 0;
    for (Case each : cases) {
      if (each.isReady() && skipped-- == 0) {
        return each;
      }
    }
    return null;
  }

  /** A case that was entered has happened. */
  void happened(Case happened) {
    Waiter served = waiter;
    if (served != null) {
      leaveAll();
      served.end(happened);
    }
  }

  private void leaveAll() {
    waiter = null;
    for (Case each : cases) {
      each.leave();
    }
  }

  @Override
  void withdraw(Waiter withdrawn, Object answer) {
    leaveAll();
    withdrawn.end(answer);
  }

  @Override
  boolean isExternal(Waiter asked) {
    for (Case each : cases) {
      if (each.isExternal(this)) {
        return true;
      }
    }
    return false;
  }

  @Override
  String describe(Waiter asked) {
    return cases.stream()
        .map(Case::describe)
        .collect(Collectors.joining(" or ", "the first of: ", ""));
  }

  @Override
  public String toString() {
    return "select of " + cases.size() + " case(s)";
  }
}
