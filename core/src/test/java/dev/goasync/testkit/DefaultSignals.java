package dev.goasync.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts programs with the default actions of signals. This JVM may have been started with some of
 * them ignored, by {@code nohup} or in the background of a script, and programs inherit that.
 */
public final class DefaultSignals {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long HUP_INT_QUIT = 0b111;

  private DefaultSignals() {}

  /** Returns a command that executes {@code command} with default actions of HUP, INT and QUIT. */
  public static List<String> of(List<String> command) throws IOException {
    if (!areSomeIgnored()) {
      return command;
    }
    List<String> changed = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,QUIT"));
    changed.addAll(command);
    return changed;
  }

  private static boolean areSomeIgnored() throws IOException {
    if (!Files.exists(STATUS)) {
      return false;
    }
    String ignored = Files.readString(STATUS).replaceAll("(?s).*SigIgn:\\s+(\\w+).*", "$1");
    return (Long.parseUnsignedLong(ignored, 16) & HUP_INT_QUIT) != 0;
  }
}
