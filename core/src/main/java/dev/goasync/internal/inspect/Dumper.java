package dev.goasync.internal.inspect;

import dev.goasync.inspect.Dump;
import dev.goasync.inspect.DumpOptions;
import dev.goasync.inspect.LoopDump;
import dev.goasync.inspect.OpenResources;
import dev.goasync.inspect.PoolDump;
import dev.goasync.inspect.ThreadDump;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.FutureWait;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.ThreadWait;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.task.Offload;
import dev.goasync.internal.util.ElasticPool;
import dev.goasync.internal.util.UnclosedResource;
import dev.goasync.internal.util.WorkerThread;
import dev.goasync.internal.vthread.SchedulerAccess;
import java.lang.module.ModuleDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes a dump. A plain thread reads one loop after the other; a coroutine has a thread do so and
 * pauses, so that its own loop is read as any other. A caller that blocks its loop, inside {@code
 * sync} or in a callback, reads that loop at once.
 */
public final class Dumper {
  /** How many coroutines are added since others wait for them. */
  private static final int MAX_BLOCKERS = 200;

  private static final int MAX_EXAMPLES = 3;

  private final List<LoopCapture> captures;
  private final WaitGraph graph = new WaitGraph();

  private Dumper(Collection<Loop> loops, DumpOptions options) {
    this.captures =
        loops.stream()
            .sorted(Comparator.comparing(Loop::name))
            .map(loop -> new LoopCapture(loop, options, graph))
            .toList();
  }

  /** The version, mode and backend of the library, each with the reason, in a few lines. */
  public static String describeLibrary() {
    String version = version();
    String mode = "\ncoroutines: " + SchedulerAccess.explanation();
    String backend = "\nbackend: " + Backends.describe();
    return "goasync "
        + (version == null ? "(unpackaged)" : version)
        + " on Java "
        + Runtime.version()
        + mode
        + backend;
  }

  /** The version of the module, on the class path that of the jar; null if there is neither. */
  private static @Nullable String version() {
    ModuleDescriptor module = Dumper.class.getModule().getDescriptor();
    return module == null
        ? Dumper.class.getPackage().getImplementationVersion()
        : module.rawVersion().orElse(null);
  }

  /** Takes a dump of the loops. Any thread. */
  public static Dump take(Collection<Loop> loops, DumpOptions options) {
    Dumper dumper = new Dumper(loops, options);
    if (Fiber.current() == null) {
      return dumper.take();
    }
    CompletableFuture<Dump> taken = new CompletableFuture<>();
    Runnable work =
        () -> {
          try {
            taken.complete(dumper.take());
          } catch (Throwable failure) {
            taken.completeExceptionally(failure);
          }
        };
    new WorkerThread(work, "goasync-dump-").start();
    FutureWait.awaitUncancellable(taken, "a dump");
    return taken.join();
  }

  private Dump take() {
    Instant time = TimeSource.SYSTEM.instant();
    long begin = TimeSource.SYSTEM.nanoTime();
    captures.forEach(LoopCapture::read);
    graph.askOtherLoops();
    captures.forEach(LoopCapture::await);
    graph.addAnswers();
    addBlockers();
    List<RawTask> tasks = captures.stream().flatMap(each -> each.listed().stream()).toList();
    tasks.forEach(task -> task.addRemoteBlocker(graph));
    List<LoopDump> loops = captures.stream().map(LoopCapture::toDump).toList();
    List<String> findings = new Findings(loops, tasks, graph).find();
    findings.addAll(Detected.latest());
    List<ThreadDump> threads = ThreadWait.all().stream().map(this::toDump).toList();
    Duration took = Duration.ofNanos(TimeSource.SYSTEM.nanoTime() - begin);
    return new Dump(
        time,
        took,
        describeLibrary(),
        findings,
        loops,
        threads,
        Watch.stalls(),
        openResources(),
        offloadPool());
  }

  private static @Nullable PoolDump offloadPool() {
    ElasticPool.Statistics now = Offload.statistics();
    boolean used = now.threads() > 0 || now.completed() > 0;
    return used ? new PoolDump(now.threads(), now.busy(), now.queued(), now.maxThreads()) : null;
  }

  /** Those with most waiters first. */
  private void addBlockers() {
    graph.waiters().entrySet().stream()
        .sorted((a, b) -> b.getValue().count - a.getValue().count)
        .limit(MAX_BLOCKERS)
        .forEach(entry -> addBlocker(entry.getKey()));
  }

  private void addBlocker(Fiber blocker) {
    for (LoopCapture capture : captures) {
      if (capture.loop == blocker.loop()) {
        capture.addBlocker(blocker);
      }
    }
  }

  /** The resources that are open, by the place of their opening; empty unless it is traced. */
  static List<OpenResources> openResources() {
    Map<String, List<String>> byPlace = new TreeMap<>();
    for (UnclosedResource.Open each : UnclosedResource.open()) {
      String place = Places.firstOfUser(each.opening().toArray(StackTraceElement[]::new));
      byPlace.computeIfAbsent(place == null ? "?" : place, _ -> new ArrayList<>()).add(each.name());
    }
    return byPlace.entrySet().stream()
        .map(entry -> toOpen(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingInt(OpenResources::count).reversed())
        .toList();
  }

  private static OpenResources toOpen(String place, List<String> names) {
    return new OpenResources(place, names.size(), names.stream().limit(MAX_EXAMPLES).toList());
  }

  private ThreadDump toDump(ThreadWait wait) {
    Loop awaited = wait.awaitedLoop();
    return new ThreadDump(
        wait.thread().getName(),
        awaited == null ? null : awaited.name(),
        Places.firstOfUser(wait.thread().getStackTrace()));
  }
}
