package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.StepHooks;
import dev.goasync.internal.platform.SignalTable;
import dev.goasync.internal.simulated.local.UnixNames;
import dev.goasync.internal.simulated.resource.ResourceOwner;
import dev.goasync.internal.simulated.resource.SimulatedResource;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One life of a program on a simulated host, from its start to its end or crash: its loops,
 * coroutines, threads and sockets. After a crash nothing refers to it, and none of its coroutines
 * runs again. Owned by the world's thread and the coroutines that it runs.
 *
 * <p>The main program is also the life of the host: its {@link #boot} is itself, and that of a
 * child program is the main program's.
 */
final class HostRun implements StepHooks, ResourceOwner {
  final SimulatedHost host;

  /** The life of the host, whose end is the end of all its programs. */
  final HostRun boot;

  final Program program;
  final Ports ports;

  /** The child programs of the host that run; used in {@link #boot} only. */
  final List<ChildProgram> children = new ArrayList<>();

  private final Set<SimulatedResource> resources = new LinkedHashSet<>();

  final HostFiles files;
  final UnixNames unixNames;
  final SignalTable signals = new SignalTable();

  /** What a real program keeps in static fields, by its type. */
  private final Map<Class<?>, Object> singletons = new HashMap<>();

  private final List<SimulatedLoop> loops = new ArrayList<>();

  /** The coroutines that have not ended, by the task that continues each. */
  private final IdentityHashMap<Runnable, FiberRun> fibers = new IdentityHashMap<>();

  private final HostThreads threads = new HostThreads();
  private final MainFiber main;
  private boolean crashed;

  /** The main program of a host. */
  HostRun(SimulatedHost host, Callable<?> body) {
    this.host = host;
    this.boot = this;
    this.program = Program.mainOf(host);
    this.ports = new Ports(this);
    this.files = new HostFiles(this, program.directory());
    this.unixNames = new UnixNames(files::disk, files::absolute);
    MainFiber.End end = (_, failure) -> host.world.mainEnded(this, failure);
    this.main = new MainFiber(openLoop(host.name()).loop(), program.name(), body, end);
  }

  /** A program that another one of the host has started. */
  HostRun(HostRun parent, Program program, Callable<Integer> body, MainFiber.End end) {
    this.host = parent.host;
    this.boot = parent.boot;
    this.program = program;
    this.ports = boot.ports;
    this.files = new HostFiles(this, program.directory());
    this.unixNames = new UnixNames(boot.unixNames, files::absolute);
    this.main = new MainFiber(openLoop(program.name()).loop(), program.name(), body, end);
  }

  void start() {
    main.loop().startFiber(main);
  }

  MainFiber main() {
    return main;
  }

  List<SimulatedLoop> loops() {
    return loops;
  }

  SimulatedLoop openLoop(String name) {
    SimulatedLoop loop = new SimulatedLoop(this, name, host.world.drawSeed());
    loops.add(loop);
    host.world.addLoop(loop);
    return loop;
  }

  /** The only object of this type in the program; the first call makes it. */
  <T> T singleton(Class<T> type, Supplier<T> make) {
    return type.cast(singletons.computeIfAbsent(type, _ -> make.get()));
  }

  @Override
  public boolean owns(Fiber fiber) {
    return fiber.loop().hooks() == this;
  }

  @Override
  public Set<SimulatedResource> resources() {
    return resources;
  }

  @Override
  public void schedule(long delayNanos, Runnable action) {
    host.world.schedule(delayNanos, action);
  }

  @Override
  public void trace(String what, Object subject, long detail) {
    host.world.trace(what, subject, detail);
  }

  @Override
  public boolean yieldsFirst() {
    return host.world.schedule().yieldsFirst();
  }

  @Override
  public int limitTransfer(int available) {
    return host.world.schedule().limitTransfer(available);
  }

  @Override
  public void checkDescriptors(Supplier<? extends IOException> full) throws IOException {
    if (resources.size() + files.open().size() >= host.maxDescriptors()) {
      throw full.get();
    }
  }

  /** What the program has not closed, as the begin of a sentence; null if it has closed all. */
  @Nullable String leftOpen() {
    if (!resources.isEmpty()) {
      String kind = resources.iterator().next().kind();
      return kind
          + "s of "
          + host
          + " were not closed: "
          + resources.stream().filter(each -> each.kind().equals(kind)).toList();
    }
    return files.open().isEmpty() ? null : "files of " + host + " were not closed: " + files.open();
  }

  @Override
  public boolean hasCrashed() {
    return crashed;
  }

  /** Nothing of this life runs or is heard of again. */
  void crash() {
    crashed = true;
    loops.forEach(host.world::removeLoop);
    children.forEach(ChildProgram::crash);
  }

  /** Closes what is open, as the kernel does at the end of a program. */
  void closeAll() {
    List.copyOf(resources).forEach(SimulatedResource::close);
    for (Closeable file : List.copyOf(files.open())) {
      try {
        file.close();
      } catch (IOException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  /** The program of a coroutine; null if it is not of a simulation. */
  static @Nullable HostRun of(@Nullable Fiber fiber) {
    return fiber != null && fiber.loop().hooks() instanceof HostRun run ? run : null;
  }

  /** The coroutines that keep the host's program alive. */
  List<Fiber> liveFibers() {
    return loops.stream()
        .filter(loop -> loop.loop().liveCount() > 0)
        .flatMap(loop -> loop.stepper().fibers().stream())
        .toList();
  }

  @Nullable FiberRun fiberOf(Runnable task) {
    return fibers.get(task);
  }

  @Override
  public void startThread(Thread thread) {
    threads.start(thread);
  }

  @Override
  public void fiberStarted(Fiber fiber) {
    Runnable continuation = fiber.continuation();
    if (continuation != null) {
      String place = placeOf(fiber.loop());
      fibers.put(continuation, new FiberRun(fiber, host.world.nextFiberNumber(), place));
    }
  }

  private String placeOf(Loop loop) {
    for (int i = 1; i < loops.size(); i++) {
      if (loops.get(i).loop() == loop) {
        return program.name() + ", loop " + (i + 1);
      }
    }
    return program.name();
  }

  @Override
  public void fiberEnded(Fiber fiber) {
    FiberRun run = fibers.remove(fiber.continuation());
    if (run != null) {
      run.ended = true;
    }
    threads.ended(fiber.thread());
  }

  @Override
  public void taskSubmitted() {
    host.world.checkSubmitter();
  }

  @Override
  public long drawWorkNanos() {
    return host.world.drawWorkNanos();
  }

  @Override
  public String toString() {
    return host.toString();
  }
}
