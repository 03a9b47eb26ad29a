package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Counts a server's system calls with strace, which slows the server down: a given number of
 * requests on connections that are open before and after, so that only requests are counted.
 */
final class SystemCalls {
  private static final int CONNECTIONS = 64;
  private static final int REQUESTS_OF_EACH = 50;

  private SystemCalls() {}

  /** Returns the system calls of all threads per request. */
  static double ofRequest(long pid, int port) throws IOException, InterruptedException {
    Path table = Files.createTempFile("strace", ".txt");
    try (Clients clients = new Clients(port)) {
      clients.connect(CONNECTIONS);
      List<String> command =
          List.of("strace", "-c", "-f", "-o", table.toString(), "-p", String.valueOf(pid));
      try (Program strace = Program.startSayingAll(command)) {
        var _ = strace.awaitLine("strace: Process " + pid + " attached");
        clients.ask(REQUESTS_OF_EACH);
      }
      return total(Files.readAllLines(table)) / (CONNECTIONS * REQUESTS_OF_EACH);
    } finally {
      Files.delete(table);
    }
  }

  /**
   * Parses the count in the last line of strace's table: % time, seconds, usecs/call, calls,
   * errors.
   */
  static double total(List<String> table) throws IOException {
    for (String line : table.reversed()) {
      if (line.endsWith(" total")) {
        return Double.parseDouble(List.of(line.trim().split(" +")).get(3));
      }
    }
    throw new IOException("strace printed no total: " + table);
  }
}
