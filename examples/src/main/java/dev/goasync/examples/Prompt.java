package dev.goasync.examples;

import static dev.goasync.GoAsync.withTimeout;

import dev.goasync.DeadlineExceededException;
import dev.goasync.system.Signals;
import dev.goasync.system.StandardStream;
import java.io.IOException;
import java.time.Duration;

/**
 * Asks for names on standard input, each with a timeout, until the input ends. Ctrl-C ends the
 * program cleanly, a second Ctrl-C at once. Usage: {@code prompt [SECONDS]}
 */
public final class Prompt {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

  private Prompt() {}

  public static void main(String[] args) {
    Cli.run(
        "prompt [SECONDS]",
        args,
        options -> {
          Duration timeout = timeout(options);
          Signals.<IOException>runMain(() -> ask(timeout));
        });
  }

  private static Duration timeout(Options options) {
    String seconds = options.operand();
    if (seconds == null) {
      return DEFAULT_TIMEOUT;
    }
    if (!seconds.matches("\\d{1,6}(\\.\\d{1,3})?")) {
      throw options.refuse("SECONDS such as 3 or 0.5");
    }
    return Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
  }

  private static void ask(Duration timeout) throws IOException {
    StandardStream out = StandardStream.out();
    int answers = 0;
    try {
      while (true) {
        out.writeAll("What is your name? ");
        try {
          String name = withTimeout(timeout, () -> StandardStream.in().readLine());
          if (name == null) {
            return;
          }
          answers++;
          out.writeAll("hello, " + name + "\n");
        } catch (DeadlineExceededException expired) {
          out.writeAll("\ntoo late\n");
        }
      }
    } finally {
      // Also after Ctrl-C: every further wait of a cancelled coroutine throws, println does not.
      System.out.println("\nprompt: " + answers + " answered, bye");
    }
  }
}
