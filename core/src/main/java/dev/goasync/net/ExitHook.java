package dev.goasync.net;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Closes a server when the JVM exits. Logs nothing, because the JVM's logging ends as well. */
final class ExitHook {
  private ExitHook() {}

  /**
   * Adds a shutdown hook.
   *
   * @param timeout how long the JVM's exit may wait for the server's end
   * @param whenEnded runs the action that it is given once the server has ended by itself
   */
  static Thread add(Server server, Duration timeout, Consumer<Runnable> whenEnded) {
    Thread hook = new Thread(() -> close(server, timeout), "end of " + server);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      whenEnded.accept(() -> remove(hook));
    } catch (IllegalStateException exiting) {
      // the JVM accepts no more hooks
    }
    return hook;
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException exiting) {
      // the hook has started
    }
  }

  /**
   * A blocked loop, such as one whose coroutine called System.exit, must not keep the JVM alive.
   */
  private static void close(Server server, Duration timeout) {
    Thread closing = Thread.ofPlatform().daemon().start(() -> close(server));
    try {
      closing.join(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(Server server) {
    try {
      server.close();
    } catch (IOException failed) {
      // the JVM's exit closes the listener
    }
  }
}
