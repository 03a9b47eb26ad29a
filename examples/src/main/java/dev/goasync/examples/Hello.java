package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.GoAsync;
import java.time.Duration;
import java.util.Objects;

/** Prints a greeting from a coroutine, and the backend and mode that the library uses. */
public final class Hello {
  private Hello() {}

  public static void main(String[] args) {
    Cli.run(
        "hello [NAME]",
        args,
        options -> greet(Objects.requireNonNullElse(options.operand(), "world")));
  }

  private static void greet(String name) {
    var greeting =
        goAsync(() -> {
          GoAsync.sleep(Duration.ofMillis(1)); // suspends the coroutine, blocks no thread
          return "Hello, " + name + "!";
        });
    System.out.println(greeting.await());
    System.out.println(GoAsync.describe());
  }
}
