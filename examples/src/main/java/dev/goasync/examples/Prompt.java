package dev.goasync.examples;

import static dev.goasync.GoAsync.withTimeout;

import dev.goasync.DeadlineExceededException;
import dev.goasync.system.Signals;
import dev.goasync.system.StandardStream;
import java.io.IOException;
import java.time.Duration;

/**
 * Asks for names on standard input, each within a time limit, until it ends. Ctrl-C ends it
 * cleanly, a second one at once. Usage: {@code prompt [SECONDS]}
 */
public final class Prompt {
  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(3);

  private Prompt() {}

  public static void main(String[] args) throws IOException {
    Duration limit = limit(args);
    Signals.runMain(() -> ask(limit));
  }

  private static Duration limit(String[] args) {
    if (args.length == 0) {
      return DEFAULT_LIMIT;
    }
    if (args.length == 1 && args[0].matches("\\d{1,6}(\\.\\d{1,3})?")) {
      return Duration.ofMillis(Math.round(Double.parseDouble(args[0]) * 1000));
    }
    System.err.println("usage: prompt [SECONDS]     (such as 3 or 0.5)");
    System.exit(2);
    throw new AssertionError("unreachable");
  }

  private static void ask(Duration limit) throws IOException {
    StandardStream out = StandardStream.out();
    int writerToFlush = 0;
    try {
      while (true) {
        out.writeAll("What is your name? ");
        try {
          String name = withTimeout(limit, () -> StandardStream.in().readLine());
          if (name == null) {
            return;
          }
          writerToFlush++;
          out.writeAll("so fast, " + name + "\n");
        } catch (DeadlineExceededException exceeded) {
          out.writeAll("\ntoo late\n");
        }
      }
    } finally { // also after Ctrl-C; a cancelled coroutine waits for nothing any more, so by
      // println
      System.out.println("\nprompt: " + writerToFlush + " answered, bye");
    }
  }
}
