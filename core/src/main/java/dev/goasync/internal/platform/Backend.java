package dev.goasync.internal.platform;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.PollerFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
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
}
