package dev.goasync.testing;

import dev.goasync.Action;
import dev.goasync.internal.simulated.Latency;
import dev.goasync.internal.simulated.SimulatedHost;
import dev.goasync.internal.simulated.SimulatedWorld;
import dev.goasync.internal.util.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * The world of one run of a {@link Simulation}: its hosts, its network and its clock.
 *
 * <pre>{@code
 * Simulation.with().run(world -> {
 *   Host db = world.host("db", () -> {
 *     try (Server server = Server.listen(5432, connection -> connection.writeAll("ready\n"))) {
 *       GoAsync.sleep(Duration.ofMinutes(1));
 *     }
 *   });
 *   GoAsync.sleep(Duration.ofSeconds(1));
 *   world.partition(db);
 *   GoAsync.sleep(Duration.ofSeconds(5));
 *   world.repair(db);
 * });
 * }</pre>
 *
 * <p>The body of the test runs on a host too, whose name is {@code test}.
 *
 * <p><b>Threads.</b> To be used by coroutines of the simulation. Other callers get an {@link
 * IllegalStateException}.
 */
public final class World {
  private final SimulatedWorld world;
  private final List<Host> hosts = new ArrayList<>();

  /** A program that uses its host. */
  @FunctionalInterface
  public interface Program {
    /** Runs the program. */
    void run(Host host) throws Exception;
  }

  World(SimulatedWorld world) {
    this.world = world;
  }

  void addTestHost(SimulatedHost host) {
    hosts.add(new Host(this, host));
  }

  void checkInside() {
    world.checkInside();
  }

  /**
   * Adds a host and starts its program. If the program throws, the run fails.
   *
   * @param name the name by which {@code AsyncSocket.connect} finds the host
   * @throws IllegalArgumentException if there is a host of that name
   */
  public Host host(String name, Action<?> main) {
    Objects.requireNonNull(main, "main");
    return host(name, Duration.ZERO, _ -> main.run());
  }

  /**
   * Adds a host and starts its program, which gets its host, for its clock and random numbers.
   *
   * @throws IllegalArgumentException if there is a host of that name
   */
  public Host host(String name, Program main) {
    return host(name, Duration.ZERO, main);
  }

  /**
   * Adds a host whose wall clock is wrong, and starts its program.
   *
   * @param clockSkew how much the clock is ahead; negative if it is behind
   * @throws IllegalArgumentException if there is a host of that name
   */
  public Host host(String name, Duration clockSkew, Program main) {
    checkInside();
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(main, "main");
    Host[] created = new Host[1];
    Callable<?> body =
        () -> {
          main.run(created[0]);
          return null;
        };
    world.addHost(
        name,
        clockSkew.toNanos(),
        body,
        simulated -> {
          created[0] = new Host(this, simulated);
          hosts.add(created[0]);
        });
    return created[0];
  }

  /**
   * Adds a program that code of all hosts can start by {@code Command.of(name)}.
   *
   * @param name the name without a directory, or an absolute path
   * @throws IllegalArgumentException if there is a program of that name
   */
  public void program(String name, SimulatedProgram body) {
    checkInside();
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    world.addProgram(
        name,
        start ->
            body.run(
                new SimulatedProgram.Call(
                    hostOf(start.host()),
                    start.name(),
                    start.arguments(),
                    Collections.unmodifiableMap(start.environment()),
                    start.directory())));
  }

  private Host hostOf(SimulatedHost simulated) {
    return hosts.stream().filter(host -> host.simulated() == simulated).findFirst().orElseThrow();
  }

  /** The host on which the body of the test runs. */
  public Host testHost() {
    return hosts.getFirst();
  }

  /** All hosts, that of the test first. */
  public List<Host> hosts() {
    return List.copyOf(hosts);
  }

  /** Random numbers for the test, which depend on the seed alone. */
  public RandomGenerator random() {
    return world.random();
  }

  /** The virtual time since the start of the run. */
  public Duration elapsed() {
    return Duration.ofNanos(world.now());
  }

  // ---- the network ----

  /**
   * Cuts all ways between a host and the others. Connections stay: their bytes are sent again at
   * growing intervals, and the connection fails after some 15 minutes, as on Linux. Datagrams are
   * lost.
   */
  public void partition(Host host) {
    withOthers(host, this::partition);
  }

  /** Cuts both ways between two hosts; see {@link #partition(Host)}. */
  public void partition(Host one, Host two) {
    cut(one, two);
    cut(two, one);
  }

  /** Cuts one way: {@code to} gets no message of {@code from}; see {@link #partition(Host)}. */
  public void cut(Host from, Host to) {
    checkInside();
    world.network().setCut(from.simulated(), to.simulated(), true);
  }

  /** Repairs all ways between a host and the others. */
  public void repair(Host host) {
    withOthers(host, this::repair);
  }

  /** Repairs both ways between two hosts. */
  public void repair(Host one, Host two) {
    checkInside();
    world.network().setCut(one.simulated(), two.simulated(), false);
    world.network().setCut(two.simulated(), one.simulated(), false);
  }

  /** Keeps the messages from one host to another until {@link #release}. */
  public void hold(Host from, Host to) {
    checkInside();
    world.network().setHeld(from.simulated(), to.simulated(), true);
  }

  /** Sends the messages that {@link #hold} has kept, and those that follow. */
  public void release(Host from, Host to) {
    checkInside();
    world.network().setHeld(from.simulated(), to.simulated(), false);
  }

  /**
   * Sets how long messages between hosts take, each a time of its own. Default 0.2 to 2 ms.
   *
   * @throws IllegalArgumentException if {@code min} is negative, or {@code max} is less than {@code
   *     min}
   */
  public void latency(Duration min, Duration max) {
    checkInside();
    world.network().setLatency(latencyOf(min, max));
  }

  /**
   * Sets how long messages between two hosts take, in both directions.
   *
   * @throws IllegalArgumentException if {@code min} is negative, or {@code max} is less than {@code
   *     min}
   */
  public void latency(Host one, Host two, Duration min, Duration max) {
    checkInside();
    Latency latency = latencyOf(min, max);
    world.network().setLatency(one.simulated(), two.simulated(), latency);
    world.network().setLatency(two.simulated(), one.simulated(), latency);
  }

  static Latency latencyOf(Duration min, Duration max) {
    long minNanos = Durations.toNanos(min, "min");
    long maxNanos = Durations.toNanos(max, "max");
    if (maxNanos < minNanos) {
      throw new IllegalArgumentException("max is less than min: " + max + ", " + min);
    }
    return new Latency(minNanos, maxNanos);
  }

  /**
   * Sets the probability with which a datagram between hosts is lost. Default 0.
   *
   * @throws IllegalArgumentException if it is not from 0 to 1
   */
  public void datagramLoss(double probability) {
    checkInside();
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be from 0 to 1: " + probability);
    }
    world.network().setLoss(probability);
  }

  private void withOthers(Host host, BiConsumer<Host, Host> action) {
    for (Host other : hosts) {
      if (other != host) {
        action.accept(host, other);
      }
    }
  }
}
