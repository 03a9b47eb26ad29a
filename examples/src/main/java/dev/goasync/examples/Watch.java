package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.Task;
import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import dev.goasync.process.Redirect;
import dev.goasync.system.Signals;
import dev.goasync.watch.FileEvent;
import dev.goasync.watch.FileWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Runs a command, and runs it again after each change in a directory tree; a command that is still
 * running then is terminated first. Usage: {@code watch DIR COMMAND [ARGUMENT]...}
 */
public final class Watch {
  /** Changes within this time are one change: saving a file or a build makes many. */
  private static final Duration QUIET = Duration.ofMillis(100);

  private Watch() {}

  public static void main(String[] args) {
    Cli.run(
        "watch DIR COMMAND [ARGUMENT]...",
        args,
        options -> {
          List<String> words = options.operands();
          Command command =
              Command.of(words.subList(1, words.size()))
                  .stdin(Redirect.DISCARD)
                  .stdout(Redirect.INHERIT)
                  .stderr(Redirect.INHERIT);
          Signals.<IOException>runMain(() -> watch(Path.of(words.getFirst()), command));
        });
  }

  private static void watch(Path directory, Command command) throws IOException {
    try (FileWatch watch = FileWatch.directoryTree(directory)) {
      System.out.println("watch: " + directory);
      while (true) {
        List<FileEvent> changes = runUntilChange(command, watch);
        System.out.println("watch: " + describe(changes));
      }
    }
  }

  private static List<FileEvent> runUntilChange(Command command, FileWatch watch)
      throws IOException {
    Task<?> report;
    List<FileEvent> changes;
    try (AsyncProcess process = start(command)) {
      report =
          goAsync(
              () -> System.out.println("watch: the command ended with status " + process.await()));
      changes = watch.takeDebounced(QUIET);
    }
    report.await();
    return changes;
  }

  /** Starts the command in a process group if possible, so that its children end with it. */
  private static AsyncProcess start(Command command) throws IOException {
    try {
      return command.ownGroup().start();
    } catch (UnsupportedOperationException groupsUnsupported) {
      return command.start();
    }
  }

  private static String describe(List<FileEvent> changes) {
    FileEvent first = changes.getFirst();
    String what = first.kind().name().toLowerCase(Locale.ROOT) + " " + first.path();
    return changes.size() == 1 ? what : what + " and " + (changes.size() - 1) + " more";
  }
}
