package dev.goasync.internal.inspect;

import dev.goasync.inspect.LoopDump;
import dev.goasync.inspect.TaskDump;
import dev.goasync.inspect.WaitDump;
import dev.goasync.internal.loop.Fiber;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Draws the conclusions of a dump, each in one sentence: what stands still and why. */
final class Findings {
  private static final int MAX_OF_A_KIND = 10;
  private static final int MAX_IN_CYCLE = 10;

  /** For each of them the descriptors of all processes are listed. */
  private static final int MAX_PIPES = 5;

  private final List<LoopDump> loops;
  private final Map<Fiber, RawTask> listed = new LinkedHashMap<>();
  private final WaitGraph graph;
  private final Map<Long, TaskDump> dumps = new HashMap<>();
  private final List<String> found = new ArrayList<>();

  Findings(List<LoopDump> loops, List<RawTask> tasks, WaitGraph graph) {
    this.loops = loops;
    this.graph = graph;
    tasks.stream()
        .sorted(Comparator.comparingLong(task -> task.id))
        .forEach(task -> listed.put(task.fiber, task));
    loops.forEach(loop -> loop.tasks().forEach(task -> dumps.put(task.id(), task)));
  }

  List<String> find() {
    loops.stream().filter(loop -> !loop.answered()).forEach(this::addStuckLoop);
    cycles().stream().limit(MAX_OF_A_KIND).forEach(this::addCycle);
    addRoots();
    addPipes();
    dumps.values().stream()
        .filter(task -> task.cancel() != null && task.state() != TaskDump.State.STARTING)
        .sorted(Comparator.comparingLong(TaskDump::id))
        .limit(MAX_OF_A_KIND)
        .forEach(task -> found.add("a cancel has not ended " + sentence(task)));
    return found;
  }

  private static String sentence(TaskDump task) {
    return task.title() + ", which " + task.activity();
  }

  private void addStuckLoop(LoopDump loop) {
    String cause =
        loop.tasks().stream()
            .filter(task -> task.state() == TaskDump.State.RUNNING)
            .findFirst()
            .map(task -> task.title() + " blocks its thread, at ")
            .orElse("its thread " + loop.thread() + " is at ");
    String place = Places.firstOfUser(loop.stack().toArray(StackTraceElement[]::new));
    String top = loop.stack().isEmpty() ? "an unknown place" : loop.stack().getFirst().toString();
    found.add("loop " + loop.name() + " does not answer: " + cause + (place != null ? place : top));
  }

  /** Reads of pipes: they end when every process that has the pipe has closed it. */
  private void addPipes() {
    int left = MAX_PIPES;
    for (TaskDump task : dumps.values()) {
      WaitDump wait = task.waitsFor();
      String pipe = wait == null || left == 0 ? null : PipeHolders.pipeOf(wait.descriptor());
      if (pipe != null) {
        left--;
        found.add(sentence(task) + "; " + PipeHolders.of(pipe));
      }
    }
  }

  // ---- cycles ----

  /** A depth-first search; each coroutine is part of one cycle at most. */
  private List<List<Fiber>> cycles() {
    List<List<Fiber>> cycles = new ArrayList<>();
    Set<Fiber> done = new HashSet<>();
    for (Fiber start : listed.keySet()) {
      List<Fiber> path = new ArrayList<>();
      ArrayDeque<Iterator<Fiber>> branches = new ArrayDeque<>();
      branches.push(List.of(start).iterator());
      while (!branches.isEmpty()) {
        if (!branches.peek().hasNext()) {
          branches.pop();
          if (!path.isEmpty()) {
            path.removeLast();
          }
          continue;
        }
        Fiber next = branches.peek().next();
        int seenAt = path.indexOf(next);
        if (seenAt >= 0) {
          cycles.add(List.copyOf(path.subList(seenAt, path.size())));
        } else if (done.add(next)) {
          path.add(next);
          branches.push(blockersOf(next).iterator());
        }
      }
    }
    return cycles;
  }

  private Set<Fiber> blockersOf(Fiber fiber) {
    RawTask task = listed.get(fiber);
    return task == null ? Set.of() : task.blockers;
  }

  private void addCycle(List<Fiber> cycle) {
    found.add(
        cycle.stream()
            .limit(MAX_IN_CYCLE)
            .map(this::sentence)
            .collect(
                Collectors.joining(
                    "; this needs ",
                    "cycle of " + cycle.size() + " waits: ",
                    "; this needs the first")));
  }

  private String sentence(Fiber fiber) {
    TaskDump task = dumps.get(fiber.thread().threadId());
    return task != null ? sentence(task) : fiber.describe();
  }

  // ---- coroutines that others wait for, and that wait for no coroutine ----

  private record Root(RawTask task, int waiters, String kind) {}

  private void addRoots() {
    Map<Fiber, List<Fiber>> waiters = waitersOfListed();
    List<Root> roots = new ArrayList<>();
    for (RawTask task : listed.values()) {
      WaitGraph.Waiters direct = graph.waiters().get(task.fiber);
      if (direct != null && task.blockers.isEmpty()) {
        roots.add(new Root(task, total(task.fiber, waiters), direct.kindOfFirst.toString()));
      }
    }
    roots.stream()
        .sorted(Comparator.comparingInt(Root::waiters).reversed())
        .limit(MAX_OF_A_KIND)
        .forEach(this::addRoot);
  }

  private Map<Fiber, List<Fiber>> waitersOfListed() {
    Map<Fiber, List<Fiber>> waiters = new HashMap<>();
    for (RawTask task : listed.values()) {
      for (Fiber blocker : task.blockers) {
        waiters.computeIfAbsent(blocker, _ -> new ArrayList<>()).add(task.fiber);
      }
    }
    return waiters;
  }

  /** The number of direct and indirect waiters. */
  private int total(Fiber root, Map<Fiber, List<Fiber>> waiters) {
    Set<Fiber> seen = new HashSet<>();
    List<Fiber> next = new ArrayList<>(List.of(root));
    int total = 0;
    while (!next.isEmpty()) {
      Fiber blocker = next.removeLast();
      if (seen.add(blocker)) {
        WaitGraph.Waiters direct = graph.waiters().get(blocker);
        total += direct == null ? 0 : direct.count;
        next.addAll(waiters.getOrDefault(blocker, List.of()));
      }
    }
    return total;
  }

  private void addRoot(Root root) {
    boolean one = root.waiters == 1;
    found.add(
        (one ? "1 task waits for " : root.waiters + " tasks wait for ")
            + root.kind
            + (one ? " and needs " : " and need ")
            + sentence(root.task.fiber));
  }
}
