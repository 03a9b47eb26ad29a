package dev.goasync.examples;

import dev.goasync.TaskFailedException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** The frame of the examples that are commands: parses options, and reports a failure in a line. */
final class Cli {
  /** What a command does. */
  interface Program {
    void run(Options options) throws Exception;
  }

  private Cli() {}

  /**
   * Runs a command. A wrong command line exits with status 2; a failure is printed in one line,
   * with {@code --trace} followed by its stack trace, and exits with status 1.
   */
  static void run(String usage, String[] args, Program program) {
    Options options = Options.parse(usage, args);
    try {
      program.run(options);
    } catch (Exception failure) {
      System.out.flush();
      System.err.println(options.name() + ": " + reason(failure));
      if (options.trace()) {
        failure.printStackTrace();
      }
      System.exit(1);
    }
  }

  /** What has failed, in words. */
  static String reason(Throwable failure) {
    return switch (failure) {
      case TaskFailedException wrapped when wrapped.getCause() != null ->
          reason(Objects.requireNonNull(wrapped.getCause()));
      case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case NotDirectoryException file -> file.getFile() + ": not a directory";
      case FileSystemException other when other.getReason() != null ->
          other.getFile() + ": " + other.getReason();
      case BindException busy -> "cannot listen: " + busy.getMessage();
      default -> Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getName());
    };
  }
}
