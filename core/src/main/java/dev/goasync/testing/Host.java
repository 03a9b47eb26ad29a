package dev.goasync.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goasync.internal.simulated.SimulatedHost;
import dev.goasync.system.Signal;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * A host of a {@link Simulation}: a program with a network address, a clock and a disk.
 *
 * <p>The program is one coroutine, and what it starts: coroutines, event loops, sockets. Static
 * fields belong to the JVM, so all hosts share them, and a restart does not reset them.
 *
 * <p><b>Threads.</b> To be used by coroutines of the simulation.
 */
public final class Host {
  private final World world;
  private final SimulatedHost host;

  Host(World world, SimulatedHost host) {
    this.world = world;
    this.host = host;
  }

  SimulatedHost simulated() {
    return host;
  }

  /** The name, which is also the name that the network knows. */
  public String name() {
    return host.name();
  }

  /** The only address, of the network 10.0.0.0/16. */
  public InetAddress address() {
    return host.address();
  }

  /** The wall clock of this host: the virtual time, and the skew of the host. */
  public Clock clock() {
    return host.time().clock();
  }

  /** Random numbers for this host's program, which depend on the seed alone. */
  public RandomGenerator random() {
    return host.random();
  }

  /** The disk, which keeps its files over a crash and a restart as far as they were forced. */
  public Disk disk() {
    world.checkInside();
    return new Disk(world, host.disk());
  }

  /**
   * Sets how many sockets, files and directories the host may have open; opening one more throws
   * "Too many open files". Default unlimited.
   *
   * @throws IllegalArgumentException if {@code max} is negative
   */
  public void maxDescriptors(int max) {
    world.checkInside();
    if (max < 0) {
      throw new IllegalArgumentException("max is negative: " + max);
    }
    host.setMaxDescriptors(max);
  }

  /**
   * The environment variables of the main program, which the programs that it starts by {@code
   * Command} inherit. {@code System.getenv} is that of the JVM. Default {@code PATH} alone.
   */
  public Map<String, String> environment() {
    return Map.copyOf(host.environment());
  }

  /** Sets an environment variable for programs that are started from now on. */
  public void setEnvironment(String name, String value) {
    world.checkInside();
    host.environment()
        .put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
  }

  /**
   * Adds text to the standard input of the host's programs, in UTF-8. Does not wait; a program
   * reads it by {@code StandardStream.in()}. What a program has not read before a crash is there
   * for the next one. Without this call a program that reads waits.
   *
   * <pre>{@code
   * Simulation.with().run(world -> {
   *   Host shell = world.host("shell", () -> {
   *     String command = StandardStream.in().readLine();
   *     StandardStream.out().writeAll("done: " + command + "\n");
   *   });
   *   shell.writeStdin("quit\n");
   *   GoAsync.sleep(Duration.ofSeconds(1));
   *   assertEquals("done: quit\n", shell.stdout());
   * });
   * }</pre>
   *
   * @throws IllegalStateException if the standard input has ended
   */
  public void writeStdin(String text) {
    world.checkInside();
    if (!host.streams().write(text.getBytes(UTF_8))) {
      throw new IllegalStateException("the standard input of " + name() + " has ended");
    }
  }

  /**
   * Ends the standard input: after the text of {@link #writeStdin} programs read the end of the
   * stream, also after a restart. A second call does nothing.
   */
  public void endStdin() {
    world.checkInside();
    host.streams().endInput();
  }

  /**
   * What programs of the host have written to {@code StandardStream.out()} since the start of the
   * run, decoded from UTF-8. {@code System.out} belongs to the JVM and is not captured.
   */
  public String stdout() {
    return new String(host.streams().output(), UTF_8);
  }

  /**
   * What programs of the host have written to {@code StandardStream.err()}; see {@link #stdout}.
   */
  public String stderr() {
    return new String(host.streams().errors(), UTF_8);
  }

  /** Whether the host runs. A host whose program has ended still does, until it crashes. */
  public boolean isUp() {
    return host.isUp();
  }

  /**
   * Ends the program at once, as a power failure does: no coroutine of it runs again, and no {@code
   * finally} block or {@code close} either. Files lose what was not forced, see {@link Disk}. Its
   * peers notice nothing until they send: then they get no answer while the host is down, and a
   * reset once it runs again.
   *
   * <p>A coroutine of this host that calls the method does not return from it.
   *
   * @throws IllegalStateException if the host is down
   */
  public void crash() {
    world.checkInside();
    host.crash();
  }

  /**
   * Starts the program again, from the beginning.
   *
   * @throws IllegalStateException if the host is up
   */
  public void restart() {
    world.checkInside();
    host.restart();
  }

  /**
   * Sends a signal to the program: its listeners of {@code Signals.listen} get it. Without a
   * listener {@code INT}, {@code TERM} and {@code HUP} cancel the main coroutine, as in a program
   * whose {@code main} uses {@code Signals.runMain}, and other signals have no effect.
   *
   * @throws IllegalStateException if the host is down
   */
  public void signal(Signal signal) {
    world.checkInside();
    HostShutdown.signal(host, signal);
  }

  /**
   * Ends the program in order: sends {@code TERM} as {@link #signal} does and waits for the end of
   * all coroutines. If some are left after {@code grace} the host crashes. In both cases the host
   * is down then.
   *
   * @return whether all coroutines had ended in time
   * @throws IllegalStateException if the host is down, or the caller is one of its coroutines
   * @throws IllegalArgumentException if {@code grace} is negative
   */
  public boolean shutdown(Duration grace) {
    world.checkInside();
    return HostShutdown.run(host, grace);
  }

  @Override
  public String toString() {
    return "Host[" + name() + (isUp() ? "]" : ", down]");
  }
}
