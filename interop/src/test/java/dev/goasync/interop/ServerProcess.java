package dev.goasync.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * A third-party server in a child process, on a free port. It is stopped when this JVM ends in any
 * way: a shell waits for the end of its input, a pipe that only this JVM holds.
 */
final class ServerProcess implements AutoCloseable {
  private static final int TRIES = 5;
  private static final long TIMEOUT_SECONDS = 20;

  /** The first argument is the signal that ends the server. */
  private static final String GUARD =
      "signal=$1; shift; \"$@\" </dev/null & server=$!; read -r line;"
          + " kill -$signal $server; wait $server";

  /** Makes PostgreSQL and Redis exit at once, even with open connections. */
  private static final String INTERRUPT = "INT";

  /** Ends the servers that ignore {@link #INTERRUPT}. */
  private static final String TERMINATE = "TERM";

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a server.
   *
   * @param command makes the command for a port
   * @param ready what the server prints when it can be used
   * @throws IOException if the server ends instead; the message contains its output
   */
  static ServerProcess start(IntFunction<List<String>> command, String ready) throws IOException {
    return start(INTERRUPT, Map.of(), command, ready);
  }

  /**
   * Starts a server that is ended by SIGTERM.
   *
   * @param environment variables of the server, besides those of this JVM
   * @param ready what the server prints when it can be used; empty if it prints nothing, and is
   *     ready when it accepts a connection
   * @throws IOException if the server ends instead; the message contains its output
   */
  static ServerProcess start(
      Map<String, String> environment, IntFunction<List<String>> command, String ready)
      throws IOException {
    return start(TERMINATE, environment, command, ready);
  }

  private static ServerProcess start(
      String signal,
      Map<String, String> environment,
      IntFunction<List<String>> command,
      String ready)
      throws IOException {
    String printed = "";
    for (int i = 0; i < TRIES; i++) {
      int port = freePort();
      List<String> guarded = new ArrayList<>(List.of("sh", "-c", GUARD, "sh", signal));
      guarded.addAll(command.apply(port));
      ProcessBuilder builder = new ProcessBuilder(guarded).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (ready.isEmpty()) {
        awaitListener(process, port);
        return new ServerProcess(process, port);
      }
      printed = readUntil(process, ready);
      if (printed.contains(ready)) {
        return new ServerProcess(process, port);
      }
      end(process);
      if (!printed.contains("Address already in use")) {
        break;
      }
    }
    throw new IOException("the server did not start: " + printed);
  }

  /**
   * Returns a free port. Another process may bind it meanwhile; the caller then tries the next one.
   */
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitListener(Process process, int port) throws IOException {
    while (true) {
      try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (probe.isConnected()) {
          return;
        }
      } catch (ConnectException notYet) {
        if (!process.isAlive()) {
          throw new IOException(
              "the server did not start: "
                  + new String(process.getInputStream().readAllBytes(), UTF_8),
              notYet);
        }
        Thread.onSpinWait();
      }
    }
  }

  /**
   * Reads to a line that contains {@code ready}; a thread discards the rest, so that the server
   * does not block on a full pipe.
   */
  private static String readUntil(Process process, String ready) throws IOException {
    BufferedReader output = process.inputReader(UTF_8);
    StringBuilder printed = new StringBuilder();
    for (String line; (line = output.readLine()) != null; ) {
      printed.append(line).append('\n');
      if (line.contains(ready)) {
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                output.transferTo(java.io.Writer.nullWriter());
              } catch (IOException ended) {
                // with the process
              }
            });
        break;
      }
    }
    return printed.toString();
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    end(process);
  }

  private static void end(Process process) throws IOException {
    try (OutputStream input = process.getOutputStream()) {
      input.flush();
    }
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(process + " did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
