package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Counts a running program's system calls with strace, which slows it a lot. */
final class SystemCalls {
  /** Work that the program does meanwhile. */
  @FunctionalInterface
  interface Work {
    /** Has it done; returns how many operations that were. */
    double run() throws IOException, InterruptedException;
  }

  private SystemCalls() {}

  /** The system calls of an operation. */
  static double during(long pid, Work work) throws IOException, InterruptedException {
    Path table = Files.createTempFile("strace", ".txt");
    try {
      double operations;
      List<String> command =
          List.of("strace", "-c", "-f", "-q", "-o", table.toString(), "-p", String.valueOf(pid));
      try (Program _ = Program.start(command)) {
        operations = work.run();
      }
      return total(Files.readAllLines(table)) / operations;
    } finally {
      Files.delete(table);
    }
  }

  /** The count in the last line of strace's table: % time, seconds, usecs/call, calls, errors. */
  static double total(List<String> table) throws IOException {
    for (String line : table.reversed()) {
      if (line.endsWith(" total")) {
        return Double.parseDouble(List.of(line.trim().split(" +")).get(3));
      }
    }
    throw new IOException("strace told no total: " + table);
  }
}
