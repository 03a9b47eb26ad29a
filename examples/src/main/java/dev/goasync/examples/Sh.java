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
import java.util.Arrays;
import java.util.List;

/**
 * Runs commands joined by pipes, for a limited time, and tells what they wrote and how they ended.
 * Usage: {@code sh [--limit SECONDS] COMMAND [ARGUMENT...] ['|' COMMAND...]...}
 */
public final class Sh {
  private static final String DEFAULT = "seq 1000 | sort -rn | head -3";
  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(10);

  // What shells and timeout(1) end with.
  private static final int TOO_LATE = 124;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int USAGE = 2;

  private Sh() {}

  public static void main(String[] args) {
    List<String> words =
        new ArrayList<>(Arrays.asList(args.length == 0 ? DEFAULT.split(" ") : args));
    Duration limit = DEFAULT_LIMIT;
    if (words.getFirst().equals("--limit") && words.size() > 2 && isNumber(words.get(1))) {
      limit = Duration.ofMillis((long) (Double.parseDouble(words.get(1)) * 1_000));
      words = words.subList(2, words.size());
    }
    if (words.getFirst().startsWith("--")) {
      System.err.println("usage: sh [--limit SECONDS] COMMAND [ARGUMENT...] ['|' COMMAND...]...");
      System.exit(USAGE);
    }
    System.exit(run(words, limit));
  }

  private static boolean isNumber(String word) {
    return word.matches("\\d{1,6}(\\.\\d{1,3})?");
  }

  private static int run(List<String> words, Duration limit) {
    try {
      Pipeline pipeline = parse(words);
      System.err.println("sh: " + pipeline);
      CommandResult result = withTimeout(limit, pipeline::run);
      System.out.print(result.output());
      System.err.print(result.error());
      System.err.println("sh: exit codes " + result.exitCodes());
      return result.exitCode();
    } catch (DeadlineExceededException late) {
      System.err.println("sh: not done within " + limit.toMillis() + " ms, and ended");
      return TOO_LATE;
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
