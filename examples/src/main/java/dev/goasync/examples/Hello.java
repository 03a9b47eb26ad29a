package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.GoAsync;
import java.time.Duration;

/** Prints a greeting from a coroutine, and the backend and mode that the library uses. */
public final class Hello {
  private Hello() {}

  public static void main(String[] arguments) {
    String name = arguments.length == 0 ? "world" : arguments[0];
    var greeting =
        goAsync(() -> {
          GoAsync.sleep(Duration.ofMillis(1)); // suspends the coroutine, blocks no thread
          return "Hello, " + name + "!";
        });
    System.out.println(greeting.await());
    System.out.println(GoAsync.describe());
  }
}
