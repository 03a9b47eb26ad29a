package dev.goasync.internal.platform;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.PollerFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An I/O implementation: how loops wait, and what can be opened. One instance per process, and in a
 * simulation one per loop.
 */
public interface Backend extends PollerFactory {
  /** The name for {@code -Dgoasync.backend=}: {@code uring}, {@code epoll} or {@code nio}. */
  String name();

  /** One line for {@code GoAsync.describe()}: name, kernel, features in use. */
  String describe();

  /** Opens the resources of this backend. */
  Platform platform();

  /** Whether the resources are those of a simulated host, not of this process. */
  default boolean isSimulated() {
    return false;
  }

  /**
   * The addresses of a host in the world of a simulation; null outside simulations, where the
   * system's resolver knows them.
   *
   * @throws UnknownHostException if the world has no such host
   */
  default @Nullable List<InetAddress> resolve(String host) throws UnknownHostException {
    return null;
  }

  /** Starts another loop of a simulated host; null outside simulations. */
  default @Nullable Loop startLoop(String name) {
    return null;
  }

  /**
   * The path by which {@code java.nio.file.Files} reaches what a program of this backend means by
   * {@code path}: the same path, but in a simulation that of the simulated host.
   *
   * @throws UnsupportedOperationException in a simulation, if the path is of another file system
   */
  default Path locate(Path path) {
    return path;
  }

  /** A part of a new unique name; in a simulation it depends on the seed. */
  default String newNamePart() {
    return UUID.randomUUID().toString();
  }

  /**
   * An object of which each simulated program has one, as a real one has it in a static field; null
   * outside simulations.
   *
   * @param make makes it at its first use
   */
  default <T> @Nullable T ofProgram(Class<T> type, Supplier<T> make) {
    return null;
  }

  /** The signal listeners of a simulated program; null outside simulations. */
  default @Nullable SignalTable signals() {
    return null;
  }
}
