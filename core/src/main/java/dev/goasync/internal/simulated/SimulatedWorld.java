package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.LoopStepper;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A simulated world: hosts, a network and a clock, run by one thread.
 *
 * <p>While a loop is awake, the world runs one task of one loop at a time; the {@link Schedule}
 * chooses both. When all loops sleep, the clock jumps to the next event of the network or timer of
 * a loop. If there is none, nothing can happen any more: the run has ended, or it is deadlocked.
 *
 * <h2>Life of a run</h2>
 *
 * <pre>
 *   RUNNING ──body of the test has returned──► ENDING ──no coroutine is left──► CLOSING ──► over
 *      └──────── failure ──────────────────────────┴──────────────────────────────┴──────► over
 * </pre>
 *
 * In ENDING the main coroutines of the hosts are cancelled, and have {@link #GRACE_NANOS} to end.
 * In CLOSING the loops are closed, which ends the library's own coroutines.
 *
 * <p>The world's thread makes all transitions. It and the coroutines that it runs own all state;
 * they are one thread at a time.
 */
public final class SimulatedWorld {
  /** How long the hosts may take to end after the test's body. */
  private static final long GRACE_NANOS = 60_000_000_000L;

  /** Steps after which the thread gets a permit again, for coroutines that cannot unmount. */
  private static final int PERMIT_INTERVAL = 64;

  private static final long MAX_WORK_NANOS = 10_000_000;

  private enum Phase {
    RUNNING,
    ENDING,
    CLOSING
  }

  private final WorldOptions options;
  private final Schedule schedule;
  private final SplittableRandom seeds;
  private final SplittableRandom work;
  private final RandomGenerator userRandom;
  private final Network network;
  private final Trace trace;
  private final @Nullable Picture picture;
  private final Thread thread;

  private final Map<String, SimulatedHost> hosts = new LinkedHashMap<>();
  private final Map<String, ProgramBody> programs = new HashMap<>();
  private final OutsideThreads outside;
  private final LoopSet loops = new LoopSet();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long eventCount;
  private long steps;

  /** The number of steps as the caller's thread sees it, from time to time. */
  private volatile long progress;

  private long now;
  private int fiberCount;
  private Phase phase = Phase.RUNNING;
  private boolean graceIsOver;
  private Runnable begin = () -> {};
  private @Nullable SimulatedHost testHost;
  private @Nullable Problem problem;

  private volatile @Nullable WorldEnd end;

  /** What is wrong with a run. */
  private record Problem(String text, @Nullable Throwable cause) {}

  /** Creates a world without hosts. */
  public SimulatedWorld(WorldOptions options) {
    this.options = options;
    SplittableRandom all = new SplittableRandom(options.seed());
    this.schedule = options.choices().reduce(options.schedule().create(all.split()));
    this.seeds = all.split();
    this.work = all.split();
    this.userRandom = options.choices().reduce(all.split());
    this.network = new Network(this, all.split());
    this.trace = new Trace(options.completeTrace());
    this.picture = options.picture() ? new Picture() : null;
    this.thread = LoopStepper.newThread("simulation of seed " + options.seed(), this::runThread);
    this.outside = new OutsideThreads(thread);
  }

  // ---- for the caller's thread ----

  /**
   * Runs the world until {@code body}, the main coroutine of the host {@code test}, has ended.
   *
   * @param created receives that host before its first step
   */
  public WorldEnd run(Consumer<SimulatedHost> created, Callable<?> body)
      throws InterruptedException {
    begin =
        () -> {
          Consumer<SimulatedHost> known = host -> testHost = host;
          addHost("test", 0, body, known.andThen(created));
        };
    thread.start();
    long seen = -1;
    while (!thread.join(Duration.ofNanos(options.stallNanos()))) {
      long current = progress;
      if (current == seen && end == null) {
        return stalled();
      }
      seen = current;
    }
    WorldEnd ended = end;
    if (ended == null) {
      throw new AssertionError("the simulation's thread has ended without a result");
    }
    return ended;
  }

  private WorldEnd stalled() {
    var report = new StringBuilder("\nthe thread of the simulation:");
    for (StackTraceElement frame : thread.getStackTrace()) {
      report.append("\n  at ").append(frame);
    }
    return new WorldEnd(
        "a coroutine has run for "
            + Duration.ofNanos(options.stallNanos())
            + " of real time without a wait; a loop that waits for another coroutine must call"
            + " GoAsync.yield, and no coroutine may block the thread",
        null,
        report.toString(),
        progress,
        Duration.ofNanos(now),
        trace,
        null);
  }

  // ---- for hosts and sockets ----

  Thread thread() {
    return thread;
  }

  /** The network. */
  public Network network() {
    return network;
  }

  /**
   * Checks the caller of a change of the world.
   *
   * @throws IllegalStateException if it is not a coroutine of this world
   */
  public void checkInside() {
    if (!isInside() || Fiber.currentIncludingSync() == null) {
      throw new IllegalStateException(
          "the world of a simulation can be changed by its own coroutines only");
    }
  }

  /** Null if the run is not drawn. */
  @Nullable Picture picture() {
    return picture;
  }

  Schedule schedule() {
    return schedule;
  }

  /** Nanoseconds since the world's start. */
  public long now() {
    return now;
  }

  /** Random numbers for the test and its hosts. */
  public RandomGenerator random() {
    return userRandom;
  }

  /** Random numbers for the disk of a host, apart from those that its program gets. */
  SplittableRandom diskRandom(int hostNumber) {
    return new SplittableRandom(options.seed() ^ (long) hostNumber << Integer.SIZE);
  }

  long drawSeed() {
    return seeds.nextLong();
  }

  RandomGenerator newRandom() {
    return options.choices().reduce(seeds.split());
  }

  long drawWorkNanos() {
    return work.nextLong(MAX_WORK_NANOS);
  }

  int nextFiberNumber() {
    return ++fiberCount;
  }

  void trace(String what, Object subject, long detail) {
    trace.add(now, what, subject, detail);
    Picture drawn = picture;
    if (drawn != null) {
      drawn.note(now, what, subject, detail);
    }
  }

  /**
   * Adds a host and starts it.
   *
   * @param created receives the host before its first step
   */
  public void addHost(
      String name, long skewNanos, Callable<?> body, Consumer<SimulatedHost> created) {
    if (hosts.containsKey(name)) {
      throw new IllegalArgumentException("name is that of another host: " + name);
    }
    SimulatedHost host = new SimulatedHost(this, name, hosts.size() + 1, skewNanos, body);
    hosts.put(name, host);
    network.add(host);
    created.accept(host);
    host.start();
  }

  /**
   * Adds a program that hosts can start.
   *
   * @throws IllegalArgumentException if there is a program of that name
   */
  public void addProgram(String name, ProgramBody body) {
    if (programs.putIfAbsent(name, body) != null) {
      throw new IllegalArgumentException("name is that of another program: " + name);
    }
  }

  @Nullable ProgramBody program(String name) {
    return programs.get(name);
  }

  @Nullable SimulatedHost host(String name) {
    return hosts.get(name);
  }

  /** Runs {@code action} after {@code delayNanos}, on the world's thread. */
  void schedule(long delayNanos, Runnable action) {
    events.add(new Event(now + delayNanos, eventCount++, action));
  }

  void addLoop(SimulatedLoop loop) {
    loops.add(loop);
  }

  void removeLoop(SimulatedLoop loop) {
    loops.remove(loop);
  }

  /** Notices a thread outside the world that submits a task to one of its loops. Any thread. */
  void checkSubmitter() {
    if (!isInside()) {
      outside.noteWakeup();
    }
  }

  /** A task was submitted to a loop that sleeps, or the loop was closed. */
  void wake(SimulatedLoop loop) {
    checkSubmitter();
    if (outside.wakeup() == null
        && !loop.run.hasCrashed()
        && loops.wake(loop)
        && Thread.currentThread().isVirtual()
        && schedule.preempts()) {
      preempt();
    }
  }

  /** Lets the other loops run, while the loop of the caller, a coroutine, waits for it. */
  private static void preempt() {
    Fiber fiber = Fiber.currentIncludingSync();
    if (fiber != null) {
      fiber.beginSync(); // yields once, with the hold on its loop
      fiber.endSync();
    }
  }

  private boolean isInside() {
    Thread current = Thread.currentThread();
    if (current == thread) {
      return true;
    }
    Fiber fiber = Fiber.currentIncludingSync();
    return fiber != null && fiber.loop().hooks() instanceof HostRun run && run.host.world == this;
  }

  /** The main coroutine of a host has ended. */
  void mainEnded(HostRun run, @Nullable Throwable failure) {
    trace("has ended", run.host, 0);
    if (failure != null) {
      String what = run.host == testHost ? "the body of the test" : "the program of " + run.host;
      fail(what + " has thrown " + failure, failure);
    } else if (run.host == testHost) {
      phase = Phase.ENDING;
    }
  }

  /** Ends the run, unless it has failed before. */
  void fail(String text, @Nullable Throwable cause) {
    if (problem == null) {
      problem = new Problem(text, cause);
    }
  }

  // ---- the world's thread ----

  private void runThread() {
    try {
      begin.run();
      runAll();
    } catch (Throwable bug) {
      fail("the simulation itself failed", bug);
    }
    Problem found = problem;
    Picture drawn = picture;
    if (drawn != null) {
      drawn.end(hosts.values());
    }
    String report =
        found == null ? "" : Report.of(hosts.values()) + "\nlast events:" + trace.tail();
    end =
        new WorldEnd(
            found == null ? null : found.text,
            found == null ? null : found.cause,
            report,
            steps,
            Duration.ofNanos(now),
            trace,
            drawn);
    hosts.values().forEach(SimulatedHost::abandon);
    LoopStepper.enter(null);
  }

  private void runAll() {
    runPhase(Phase.RUNNING);
    if (problem == null) {
      hosts.values().forEach(SimulatedHost::cancelMain);
      schedule(GRACE_NANOS, () -> graceIsOver = true);
      runPhase(Phase.ENDING);
      checkCoroutines();
    }
    if (problem == null) {
      phase = Phase.CLOSING;
      loops.all().forEach(loop -> loop.loop().retire());
      loops.all().forEach(this::wake);
      runPhase(Phase.CLOSING);
      failIf(Leftovers.descriptors(hosts.values()));
    }
  }

  private void runPhase(Phase wanted) {
    while (problem == null && phase == wanted) {
      loops.admitWoken();
      if (isOver()) {
        return;
      }
      if (outside.wakeup() != null) {
        fail(OutsideThreads.PROBLEM, outside.wakeup());
      } else if (!loops.awake().isEmpty()) {
        step();
      } else if (!advance()) {
        if (wanted != Phase.RUNNING) {
          return;
        }
        if (!outside.awaitWakeup()) {
          fail("deadlock: no coroutine can go on, and no message or timer is left", null);
        }
      }
    }
  }

  private boolean isOver() {
    return switch (phase) {
      case RUNNING -> false;
      case ENDING -> graceIsOver || loops.isIdle();
      case CLOSING -> loops.isEmpty();
    };
  }

  private void step() {
    boolean closing = phase == Phase.CLOSING; // only the library's own coroutines are left
    SimulatedLoop loop = loops.awake().get(closing ? 0 : schedule.nextLoop(loops.awake()));
    LoopStepper stepper = loop.stepper();
    LoopStepper.enter(loop.loop());
    int heldTask = stepper.heldTask();
    if (heldTask == LoopStepper.HOLDER_NOT_READY) {
      loops.hold(loop);
      return;
    }
    int task = Math.max(heldTask, 0);
    if (heldTask == LoopStepper.NOT_HELD && !closing) {
      task = schedule.nextTask(loop);
    }
    FiberRun fiber = loop.fiberOf(stepper.readyTask(task));
    if (++steps > options.maxSteps()) {
      fail("the run has not ended after " + options.maxSteps() + " steps", null);
      return;
    }
    if (fiber != null) {
      trace("runs", fiber, 0);
    }
    if (steps % PERMIT_INTERVAL == 1) {
      progress = steps;
      LockSupport.unpark(thread);
    }
    stepper.run(task);
    if (fiber != null && !fiber.ended && fiber.fiber.waiting() == null) {
      checkJdkWait(fiber);
    }
    loops.afterStep(loop);
  }

  /** A coroutine outside our waits: it has yielded, or it waits inside the JDK. */
  private void checkJdkWait(FiberRun run) {
    if (run.fiber.thread().getState() == Thread.State.TIMED_WAITING) {
      var place = new IllegalStateException("the place of the wait");
      place.setStackTrace(run.fiber.thread().getStackTrace());
      fail(
          run
              + " waits inside the JDK with a time limit, which is real time; use GoAsync.sleep,"
              + " withTimeout, or dev.goasync.sync",
          place);
    }
  }

  /** Moves the clock to the next event or timer, and makes it happen; false if there is none. */
  private boolean advance() {
    Event first = events.peek();
    long next = Math.min(first == null ? Long.MAX_VALUE : first.time, loops.nextTimer());
    if (next == Long.MAX_VALUE) {
      return false;
    }
    if (next > options.maxNanos()) {
      fail("the run has not ended after " + Duration.ofNanos(options.maxNanos()), null);
      return true;
    }
    now = Math.max(now, next);
    LoopStepper.enter(null);
    while (!events.isEmpty() && events.peek().time <= now) {
      events.remove().action.run();
    }
    loops.fireTimers(now);
    loops.releaseHeld();
    return true;
  }

  // ---- what is left ----

  private void checkCoroutines() {
    failIf(Leftovers.processes(hosts.values()));
    if (problem == null && !loops.isIdle()) {
      fail(
          "coroutines are left behind: the test's body has returned, the main coroutines were"
              + " cancelled, and these had "
              + Duration.ofNanos(GRACE_NANOS)
              + " to end",
          null);
    }
  }

  private void failIf(@Nullable String text) {
    if (text != null) {
      fail(text, null);
    }
  }
}
