package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.GoAsync;
import java.time.Duration;

/** Greets from a coroutine, and says what the library found on this machine. */
public final class Hello {
  private Hello() {}

  public static void main(String[] arguments) {
    String name = arguments.length == 0 ? "world" : arguments[0];
    var greeting =
        goAsync(
            () -> {
              GoAsync.sleep(Duration.ofMillis(1)); // pauses this coroutine, and blocks nobody
              return "Hello, " + name + "!";
            });
    System.out.println(greeting.await());
    System.out.println(GoAsync.describe());
  }
}
