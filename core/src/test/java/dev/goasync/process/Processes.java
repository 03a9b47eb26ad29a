package dev.goasync.process;

import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The states of processes, from {@code /proc}. */
final class Processes {
  private Processes() {}

  static Command shell(String script) {
    return Command.of("sh", "-c", script);
  }

  /** Returns the letter of the process's state; {@code -} if there is no such process. */
  static char state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException ended) {
      return '-';
    }
  }

  static void awaitState(long pid, char state) throws Exception {
    Waiting.until(() -> state(pid) == state);
  }

  /** Waits until the process has ended. Its parent may not have reaped it yet. */
  static void awaitEnd(long pid) throws Exception {
    Waiting.until(() -> state(pid) == '-' || state(pid) == 'Z');
  }
}
