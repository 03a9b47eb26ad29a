package dev.goasync.internal.platform;

import dev.goasync.internal.loop.PollerFactory;

/** An I/O implementation: how loops wait, and what can be opened. One instance per process. */
public interface Backend extends PollerFactory {
  /** The name for {@code -Dgoasync.backend=}: {@code uring}, {@code epoll} or {@code nio}. */
  String name();

  /** One line for {@code GoAsync.describe()}: name, kernel, features in use. */
  String describe();

  /** Opens the resources of this backend. */
  Platform platform();
}
