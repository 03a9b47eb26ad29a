package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.LaunchSpec;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A host of a simulated world. Owned by the world's thread and its coroutines. */
public final class SimulatedHost {
  final SimulatedWorld world;
  final SimulatedTime time;
  private final String name;
  private final int number;
  private final InetAddress address;
  private final Callable<?> body;
  private final RandomGenerator random;
  private final List<Link> links = new ArrayList<>();
  private final Map<String, String> environment =
      new TreeMap<>(Map.of("PATH", LaunchSpec.DEFAULT_PATH));
  private final HostStreams streams = new HostStreams();
  private @Nullable HostRun current;
  private @Nullable HostDisk disk;
  private int lastProcess = 1;
  private int maxDescriptors = Integer.MAX_VALUE;

  SimulatedHost(SimulatedWorld world, String name, int number, long skewNanos, Callable<?> body) {
    this.world = world;
    this.name = name;
    this.number = number;
    this.body = body;
    this.time = new SimulatedTime(world, skewNanos);
    this.random = world.newRandom();
    try {
      byte[] octets = {10, 0, (byte) (number >> 8), (byte) number};
      this.address = InetAddress.getByAddress(name, octets);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  void start() {
    world.trace("starts", this, 0);
    HostRun started = new HostRun(this, body);
    current = started;
    started.start();
  }

  /** The host's name. */
  public String name() {
    return name;
  }

  /** The number of the next process; that of the main program is 1. */
  int nextProcess() {
    return ++lastProcess;
  }

  int number() {
    return number;
  }

  /** The host's only address. */
  public InetAddress address() {
    return address;
  }

  /** Random numbers for the host's program. */
  public RandomGenerator random() {
    return random;
  }

  /** The host's clocks. */
  public SimulatedTime time() {
    return time;
  }

  /** The host's disk, which is made when it is first used. */
  public HostDisk disk() {
    HostDisk known = disk;
    if (known == null) {
      known = new HostDisk(this, world.diskRandom(number));
      disk = known;
    }
    return known;
  }

  /** The environment of the main program, which can be changed. */
  public Map<String, String> environment() {
    return environment;
  }

  /** What is behind the host's standard streams. */
  public HostStreams streams() {
    return streams;
  }

  int maxDescriptors() {
    return maxDescriptors;
  }

  /** Sets how many sockets, files and directories the host can have open. */
  public void setMaxDescriptors(int max) {
    maxDescriptors = max;
  }

  /** The present life of the host; null while it is down. */
  @Nullable HostRun current() {
    return current;
  }

  /** Whether the host is up; its program may have ended. */
  public boolean isUp() {
    return current != null;
  }

  /** The connection to another host, in that direction. */
  Link linkTo(SimulatedHost other) {
    while (links.size() < other.number) {
      links.add(new Link());
    }
    return links.get(other.number - 1);
  }

  /** Cancels the main coroutine, as a request to end does. */
  public void cancelMain() {
    HostRun run = current;
    if (run != null && !run.main().hasEnded()) {
      run.main().cancel(name + " is shut down");
    }
  }

  /** Calls the program's listeners of a signal; returns false if it has none, or is down. */
  public boolean deliver(int signal) {
    HostRun run = current;
    world.trace("gets signal", this, signal);
    return run != null && run.signals.deliver(signal);
  }

  /** Whether the program has ended: no coroutine of it is left. */
  public boolean isIdle() {
    HostRun run = current;
    return run == null || run.liveFibers().isEmpty();
  }

  /**
   * Ends the present life at once. If the caller runs on the host, the call does not return.
   *
   * @throws IllegalStateException if the host is down
   */
  public void crash() {
    HostRun run = current;
    if (run == null) {
      throw new IllegalStateException(name + " is down");
    }
    world.trace("crashes", this, 0);
    abandon();
    if (disk != null) {
      disk.disk().crash();
    }
    Crash.endCaller(run);
  }

  /**
   * Ends the present life at once; the caller does not run on the host.
   *
   * @param inOrder whether the operating system has stored all files
   */
  public void powerOff(boolean inOrder) {
    world.trace("is off", this, 0);
    abandon();
    if (disk != null && inOrder) {
      disk.disk().storeAll();
    } else if (disk != null) {
      disk.disk().crash();
    }
  }

  /** Whether the caller is a coroutine of the host. */
  public boolean isOfCaller() {
    Fiber fiber = Fiber.currentIncludingSync();
    HostRun run = HostRun.of(fiber);
    return run != null && run.boot == current;
  }

  void abandon() {
    HostRun run = current;
    if (run != null) {
      current = null;
      run.crash();
      streams.crashed();
    }
  }

  /**
   * Starts the program again.
   *
   * @throws IllegalStateException if the host is up
   */
  public void restart() {
    if (current != null) {
      throw new IllegalStateException(name + " is up");
    }
    start();
  }

  @Override
  public String toString() {
    return "host " + name;
  }
}
