package dev.goasync.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * A server program in a process of its own, on a free port. It stops when this JVM ends in any way:
 * a shell waits for the end of a pipe that only this JVM holds.
 */
final class ServerProcess implements AutoCloseable {
  private static final int TRIES = 5;
  private static final long SAFETY_NET_SECONDS = 20;

  /** SIGINT ends PostgreSQL and Redis at once, also with open connections. */
  private static final String GUARD =
      "\"$@\" </dev/null & server=$!; read -r line; kill -INT $server; wait $server";

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a server.
   *
   * @param command the command for a port
   * @param ready the text that the server prints when it accepts connections
   * @throws IOException if the server ends first; the message has its output
   */
  static ServerProcess start(IntFunction<List<String>> command, String ready) throws IOException {
    String printed = "";
    for (int i = 0; i < TRIES; i++) {
      int port = freePort();
      List<String> guarded = new ArrayList<>(List.of("sh", "-c", GUARD, "sh"));
      guarded.addAll(command.apply(port));
      Process process = new ProcessBuilder(guarded).redirectErrorStream(true).start();
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

  /** Finds a free port; if another program takes it first, the next one is tried. */
  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Later output is read and dropped, so that the server does not block. */
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
    try (OutputStream lifeline = process.getOutputStream()) {
      lifeline.flush();
    }
    try {
      if (!process.waitFor(SAFETY_NET_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(process + " did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
