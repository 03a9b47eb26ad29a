package dev.goasync.junit;

import dev.goasync.GoAsync;
import dev.goasync.inspect.Dump;
import dev.goasync.inspect.LoopDump;
import dev.goasync.inspect.OpenResources;
import dev.goasync.inspect.TaskDump;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Compares dumps from before and after a test. */
final class NoLeaksExtension implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(NoLeaksExtension.class);

  /** The default loop, and the one that waits for channels where loops have no selector. */
  private static final Set<String> SHARED_LOOPS = Set.of("goasync-loop", "goasync-selector");

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long INTERVAL_NANOS = 5_000_000;

  /** What existed before a test: the coroutines by number, and how many loops have each name. */
  private record Before(Set<Long> tasks, Map<String, Integer> loops, Map<String, Integer> open) {
    static Before of(Dump dump) {
      Set<Long> tasks = new HashSet<>();
      Map<String, Integer> loops = new HashMap<>();
      Map<String, Integer> open = new HashMap<>();
      for (LoopDump loop : dump.loops()) {
        loops.merge(loop.name(), 1, Integer::sum);
        loop.tasks().forEach(task -> tasks.add(task.id()));
      }
      dump.open().forEach(each -> open.merge(each.place(), each.count(), Integer::sum));
      return new Before(tasks, loops, open);
    }

    List<String> leftIn(Dump after) {
      List<String> left = new ArrayList<>();
      Map<String, Integer> known = new HashMap<>(loops);
      for (LoopDump loop : after.loops()) {
        boolean isNew = known.merge(loop.name(), -1, Integer::sum) < 0;
        if (isNew && !loop.closing() && !SHARED_LOOPS.contains(loop.name())) {
          left.add("event loop \"" + loop.name() + "\", which was not closed");
        }
        for (TaskDump task : loop.tasks()) {
          if (!tasks.contains(task.id())) {
            left.add(task.toString());
          }
        }
      }
      for (OpenResources each : after.open()) {
        if (each.count() > open.getOrDefault(each.place(), 0)) {
          left.add(each.toString());
        }
      }
      return left;
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(STORE).put(Before.class, Before.of(GoAsync.dump()));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Before before =
        Objects.requireNonNull(context.getStore(STORE).remove(Before.class, Before.class));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<String> left = before.leftIn(GoAsync.dump());
    while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(INTERVAL_NANOS);
      left = before.leftIn(GoAsync.dump());
    }
    if (!left.isEmpty()) {
      throw new AssertionError("left behind by the test:\n  " + String.join("\n  ", left));
    }
  }
}
