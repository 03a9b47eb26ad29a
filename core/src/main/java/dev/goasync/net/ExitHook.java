package dev.goasync.net;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Closes a server when the JVM is told to end. Says nothing: the JVM's logging ends as well. */
final class ExitHook {
  private ExitHook() {}

  /**
   * Adds a hook.
   *
   * @param limit how long the JVM's end may wait for the server's
   * @param whenEnded gets what is to be run when the server has ended by itself
   */
  static Thread add(Server server, Duration limit, Consumer<Runnable> whenEnded) {
    Thread hook = new Thread(() -> close(server, limit), "end of " + server);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      whenEnded.accept(() -> remove(hook));
    } catch (IllegalStateException ending) {
      // the JVM takes no more hooks
    }
    return hook;
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // the hook has begun
    }
  }

  /** A loop that stands still, as in a coroutine's System.exit, must not keep the JVM alive. */
  private static void close(Server server, Duration limit) {
    Thread closing = Thread.ofPlatform().daemon().start(() -> close(server));
    try {
      closing.join(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(Server server) {
    try {
      server.close();
    } catch (IOException failed) {
      // the end of the JVM closes it
    }
  }
}
