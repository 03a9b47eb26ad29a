package dev.goasync.process;

import dev.goasync.system.TerminalSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a command besides its words. Changed only before they are shared. */
final class CommandSettings {
  @Nullable Path directory;
  boolean inheritsEnvironment = true;
  Map<String, @Nullable String> changes = Map.of(); // immutable
  @Nullable Redirect stdin;
  @Nullable Redirect stdout;
  @Nullable Redirect stderr;
  boolean mergesStderr;
  boolean ownGroup;
  @Nullable TerminalSize terminal;
  Duration grace = Command.DEFAULT_GRACE;
  int captureLimit = Command.DEFAULT_CAPTURE_LIMIT;

  CommandSettings() {}

  CommandSettings(CommandSettings other) {
    directory = other.directory;
    inheritsEnvironment = other.inheritsEnvironment;
    changes = other.changes;
    stdin = other.stdin;
    stdout = other.stdout;
    stderr = other.stderr;
    mergesStderr = other.mergesStderr;
    ownGroup = other.ownGroup;
    terminal = other.terminal;
    grace = other.grace;
    captureLimit = other.captureLimit;
  }
}
