package dev.goasync.internal.inspect;

import dev.goasync.inspect.DumpOptions;
import dev.goasync.inspect.LoopDump;
import dev.goasync.inspect.LoopEvent;
import dev.goasync.inspect.TaskDump;
import dev.goasync.inspect.TaskGroup;
import dev.goasync.inspect.TurnTimes;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.loop.TurnMeter;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.task.TaskInspection;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads one loop for a dump. The fibers are copied at once, an array of references; then they are
 * read in slices of {@link #SLICE_NANOS}, between which the loop runs. The thread that takes the
 * dump asks for each slice, so a loop that is busy is not delayed by a queue of them.
 */
final class LoopCapture {
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** Fibers between two reads of the clock, if none of them is listed. */
  private static final int CLOCK_INTERVAL = 64;

  private static final int EXAMPLES_PER_GROUP = 3;
  private static final int MAX_GROUPS = 1000;

  /** In place of the kind of a wait, for a fiber that does not wait. */
  private static final Object NOTHING = new Object();

  private record Key(Object start, Inspection.State state, Object kind) {
    boolean matches(Object otherStart, Inspection.State otherState, Object otherKind) {
      return start == otherStart && state == otherState && kind.equals(otherKind);
    }
  }

  private static final class Group {
    final Key key;
    final Fiber example;
    int count;

    Group(Key key, Fiber example) {
      this.key = key;
      this.example = example;
    }
  }

  private static volatile boolean warm;

  final Loop loop;
  private final DumpOptions options;
  private final WaitGraph graph;
  private final Map<Key, Group> groups = new LinkedHashMap<>();
  private final Map<Fiber, RawTask> listed = new HashMap<>();
  private @Nullable Group lastGroup;
  private @Nullable Fiber @Nullable [] fibers;
  private Inspection.@Nullable Counters counters;
  private int next;
  private long longestPause;
  private boolean answered = true;
  private List<LoopEvent> recent = List.of();
  private @Nullable Fiber running;

  LoopCapture(Loop loop, DumpOptions options, WaitGraph graph) {
    this.loop = loop;
    this.options = options;
    this.graph = graph;
  }

  /** Reads the whole loop: the thread that takes the dump. */
  void read() {
    if (!warm) {
      warm = true;
      loadClasses();
    }
    recent = EventRecorder.recentOf(loop, Integer.MAX_VALUE);
    long patience = options.patience().toNanos();
    while (answered && !isComplete()) {
      answered = OnLoop.run(loop, patience, this::slice);
    }
    if (!answered) {
      readFromOutside();
    }
  }

  /**
   * Has this thread load the classes that read a coroutine, which takes some 20 ms in a program's
   * first dump. Else the loop's thread would, in its first slice.
   */
  private void loadClasses() {
    for (Fiber fiber : Inspection.fibersOf(loop)) {
      if (fiber != null) {
        attempt(() -> {
          var _ = Inspection.stateOf(fiber);
          var _ = Places.firstOfUser(fiber.thread().getStackTrace());
          var _ = TaskInspection.groupKeyOf(fiber);
          var _ = TaskInspection.scopeOwnerOf(fiber);
          var _ = Inspection.isShielded(fiber);
          var _ = Inspection.cancelReasonOf(fiber);
        });
        return;
      }
    }
  }

  /** Waits until the loop has run what was sent to it before. */
  void await() {
    if (answered) {
      OnLoop.run(loop, options.patience().toNanos(), () -> {});
    }
  }

  private boolean isComplete() {
    return fibers != null && next >= fibers.length;
  }

  /** The loop's thread: reads the fibers that follow, until the slice is over. */
  private void slice() {
    long begin = TimeSource.SYSTEM.nanoTime();
    @Nullable Fiber[] all = fibers;
    if (all == null) {
      if (Observation.measuresTurns()) {
        Inspection.measureTurns(loop);
      }
      all = Inspection.fibersOf(loop);
      fibers = all;
      counters = Inspection.countersOf(loop);
    }
    boolean timeLeft = true;
    while (timeLeft && next < all.length) {
      Fiber fiber = all[next++];
      boolean wasListed = fiber != null && !Inspection.hasEnded(fiber) && read(fiber);
      if (wasListed || next % CLOCK_INTERVAL == 0) {
        timeLeft = TimeSource.SYSTEM.nanoTime() - begin < SLICE_NANOS;
      }
    }
    longestPause = Math.max(longestPause, TimeSource.SYSTEM.nanoTime() - begin);
  }

  /** Reads a fiber; returns whether it was listed. */
  private boolean read(Fiber fiber) {
    Inspection.State state = Inspection.stateOf(fiber);
    Wait wait = state == Inspection.State.WAITING ? fiber.waiting() : null;
    if (wait != null) {
      graph.add(fiber, wait);
    }
    Object start = TaskInspection.groupKeyOf(fiber);
    Group group = groupOf(fiber, start, state, wait == null ? NOTHING : wait.kind());
    group.count++;
    return listed.size() < options.maxTasks()
        && (group.count <= EXAMPLES_PER_GROUP || fiberTotal() <= options.maxTasks())
        && list(fiber);
  }

  private Group groupOf(Fiber fiber, Object start, Inspection.State state, Object kind) {
    Group last = lastGroup;
    if (last != null && last.key.matches(start, state, kind)) {
      return last;
    }
    Key key = new Key(start, state, kind);
    if (groups.size() >= MAX_GROUPS && !groups.containsKey(key)) {
      key = new Key(start, state, kind != NOTHING ? "various events" : NOTHING);
    }
    Group group = groups.get(key);
    if (group == null) {
      group = new Group(key, fiber);
      groups.put(key, group);
    }
    lastGroup = group;
    return group;
  }

  private int fiberTotal() {
    return fibers == null ? 0 : fibers.length;
  }

  private boolean list(Fiber fiber) {
    listed.put(fiber, new RawTask(fiber));
    return true;
  }

  /** Adds a coroutine that others wait for to those that are listed one by one. */
  void addBlocker(Fiber fiber) {
    if (listed.containsKey(fiber)) {
      return;
    }
    Runnable reading =
        () -> {
          if (!Inspection.hasEnded(fiber)) {
            list(fiber);
          }
        };
    if (answered) {
      answered = OnLoop.run(loop, options.patience().toNanos(), reading);
    }
    if (!answered) {
      attempt(reading);
    }
  }

  // ---- a loop that does not answer: any thread, while the state may change ----

  /** The loop's thread may write what is read here, so a fiber that cannot be read is left out. */
  private void readFromOutside() {
    attempt(() -> counters = Inspection.countersOf(loop));
    if (fibers == null) {
      fibers = Inspection.fibersOf(loop);
    }
    for (; next < fiberTotal(); next++) {
      Fiber fiber = fibers[next];
      if (fiber != null) {
        attempt(() -> read(fiber));
        if (running == null) {
          attempt(() -> findRunning(fiber));
        }
      }
    }
  }

  private void findRunning(Fiber fiber) {
    if (Inspection.stateOf(fiber) == Inspection.State.RUNNABLE && Inspection.isMounted(fiber)) {
      running = fiber;
      list(fiber);
    }
  }

  @SuppressWarnings("CatchingUnchecked")
  private static void attempt(Runnable reading) {
    try {
      reading.run();
    } catch (Exception changedMeanwhile) {
      // the dump goes on without it
    }
  }

  // ---- the result: the thread that takes the dump ----

  /** The coroutines that are listed one by one. */
  Collection<RawTask> listed() {
    return listed.values();
  }

  LoopDump toDump() {
    Inspection.Counters seen =
        counters != null ? counters : new Inspection.Counters(0, 0, Poller.FOREVER, 0);
    return new LoopDump(
        loop.name(),
        loop.openedPoller() == null ? null : Backends.describe().lines().findFirst().orElse(""),
        loop.thread().getName(),
        answered,
        loop.isClosing(),
        fiberTotal(),
        loop.turns(),
        seen.ready(),
        seen.timers(),
        seen.timers() == 0 ? null : Duration.ofNanos(seen.nanosToNextTimer()),
        seen.inFlight(),
        Duration.ofNanos(longestPause),
        turnTimes(),
        groupDumps(),
        taskDumps(),
        recent,
        answered ? List.of() : List.of(stackOfThread()));
  }

  private @Nullable TurnTimes turnTimes() {
    TurnMeter meter = Inspection.turnsOf(loop);
    return meter == null
        ? null
        : new TurnTimes(
            Duration.ofNanos(meter.measuredNanos()),
            Duration.ofNanos(meter.busyNanos()),
            Duration.ofNanos(meter.longestNanos()),
            Arrays.stream(meter.counts()).boxed().toList());
  }

  private StackTraceElement[] stackOfThread() {
    Thread thread = running != null ? running.thread() : loop.thread();
    return thread.getStackTrace();
  }

  private List<TaskGroup> groupDumps() {
    return groups.values().stream()
        .map(LoopCapture::toDump)
        .sorted(Comparator.comparingInt(TaskGroup::count).reversed())
        .toList();
  }

  private static TaskGroup toDump(Group group) {
    Object site = TaskInspection.siteOf(group.example);
    Object kind = group.key.kind;
    return new TaskGroup(
        group.count,
        site == null ? null : site.toString(),
        RawTask.stateForDump(group.key.state),
        kind == NOTHING ? null : kind.toString(),
        group.example.thread().threadId());
  }

  private List<TaskDump> taskDumps() {
    return listed.values().stream()
        .sorted(Comparator.comparingLong(task -> task.id))
        .map(this::toDump)
        .toList();
  }

  private TaskDump toDump(RawTask task) {
    boolean runs = task.fiber == running;
    return task.toDump(runs, options.stacks());
  }
}
