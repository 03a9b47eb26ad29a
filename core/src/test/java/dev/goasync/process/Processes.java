package dev.goasync.process;

import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code /proc} tells of processes. */
final class Processes {
  private Processes() {}

  static Command shell(String script) {
    return Command.of("sh", "-c", script);
  }

  /** The letter of its state; {@code -} if there is no such process. */
  static char state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException gone) {
      return '-';
    }
  }

  static void awaitState(long pid, char state) throws Exception {
    Waiting.until(() -> state(pid) == state);
  }

  /** Its parent may be slow to free the system of it. */
  static void awaitEnd(long pid) throws Exception {
    Waiting.until(() -> state(pid) == '-' || state(pid) == 'Z');
  }
}
