package dev.goasync.sync;

import dev.goasync.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A selection whose channels all live on its home loop. It stands in the queues of its cases, all
 * at once. The first case that happens has the others leave before anything else can happen, as all
 * of them belong to one loop.
 */
final class LocalSelect extends Selection {
  private @Nullable Waiter waiter;

  LocalSelect(EventLoop home, List<Clause> cases) {
    super(home, cases);
  }

  LocalSelect(LoopPrimitive neighbour, List<Clause> cases) {
    super(neighbour, cases);
  }

  @Override
  void begin(Waiter asked) {
    if (waiter != null) {
      throw new IllegalStateException("the select runs already");
    }
    for (Clause ready = chooseReady(); ready != null; ready = chooseReady()) {
      if (ready.happen()) {
        asked.end(ready);
        return;
      }
    }
    if (asked.operation == TRY) {
      asked.end(NONE);
    } else {
      waiter = asked;
      for (Clause each : cases) {
        each.enter(this);
      }
    }
  }

  private @Nullable Clause chooseReady() {
    int ready = 0;
    for (Clause each : cases) {
      if (each.isReady()) {
        ready++;
      }
    }
    int skipped = ready > 1 ? home.nextRandomInt(ready) : 0;
    for (Clause each : cases) {
      if (each.isReady() && skipped-- == 0) {
        return each;
      }
    }
    return null;
  }

  @Override
  void happened(Clause happened) {
    Waiter served = waiter;
    if (served != null) {
      leaveAll();
      served.end(happened);
    }
  }

  private void leaveAll() {
    waiter = null;
    for (Clause each : cases) {
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
    for (Clause each : cases) {
      if (each.isExternal(this)) {
        return true;
      }
    }
    return false;
  }
}
