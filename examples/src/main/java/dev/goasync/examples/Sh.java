package dev.goasync.examples;

import static dev.goasync.GoAsync.withTimeout;

import dev.goasync.DeadlineExceededException;
import dev.goasync.process.Command;
import dev.goasync.process.CommandResult;
import dev.goasync.process.Pipeline;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs commands connected by pipes, with a timeout, and prints their output and exit codes. Usage:
 * {@code sh [--timeout SECONDS] COMMAND [ARGUMENT...] ['|' COMMAND...]...}
 */
public final class Sh {
  private static final String DEFAULT = "seq 1000 | sort -rn | head -3";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  // Exit codes of shells and of timeout(1).
  private static final int TIMED_OUT = 124;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int USAGE = 2;

  private Sh() {}

  public static void main(String[] args) {
    Cli.run(
        "sh [--timeout SECONDS] [COMMAND [ARGUMENT...] ['|' COMMAND...]...]",
        args,
        options -> {
          List<String> words = options.operands();
          System.exit(run(words.isEmpty() ? List.of(DEFAULT.split(" ")) : words, timeout(options)));
        });
  }

  private static Duration timeout(Options options) {
    String seconds = options.text("--timeout");
    if (seconds == null) {
      return DEFAULT_TIMEOUT;
    }
    if (!seconds.matches("\\d{1,6}(\\.\\d{1,3})?")) {
      throw options.refuse("SECONDS such as 3 or 0.5");
    }
    return Duration.ofMillis((long) (Double.parseDouble(seconds) * 1_000));
  }

  private static int run(List<String> words, Duration timeout) {
    try {
      Pipeline pipeline = parse(words);
      System.err.println("sh: " + pipeline);
      CommandResult result = withTimeout(timeout, pipeline::run);
      System.out.print(result.output());
      System.err.print(result.error());
      System.err.println("sh: exit codes " + result.exitCodes());
      return result.exitCode();
    } catch (DeadlineExceededException expired) {
      System.err.println("sh: ended after the timeout of " + timeout.toMillis() + " ms");
      return TIMED_OUT;
    } catch (NoSuchFileException e) {
      System.err.println("sh: " + e.getMessage());
      return NOT_FOUND;
    } catch (AccessDeniedException e) {
      System.err.println("sh: " + e.getMessage());
      return NOT_EXECUTABLE;
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("sh: " + e.getMessage());
      return USAGE;
    }
  }

  private static Pipeline parse(List<String> words) {
    List<Command> commands = new ArrayList<>();
    List<String> current = new ArrayList<>();
    for (String word : words) {
      if (word.equals("|")) {
        commands.add(Command.of(current));
        current = new ArrayList<>();
      } else {
        current.add(word);
      }
    }
    commands.add(Command.of(current));
    return Pipeline.of(commands);
  }
}
