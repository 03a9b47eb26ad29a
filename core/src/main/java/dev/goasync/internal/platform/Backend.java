package dev.goasync.internal.platform;

import dev.goasync.internal.loop.PollerFactory;

/** One way to do I/O: how loops wait, and what can be opened. One instance a process. */
public interface Backend extends PollerFactory {
  /** The name that {@code -Dgoasync.backend=} knows: {@code uring}, {@code epoll}, {@code nio}. */
  String name();

  /** One line for {@code GoAsync.describe()}: name, kernel, features in use. */
  String describe();

  /** What can be opened. */
  Platform platform();
}
