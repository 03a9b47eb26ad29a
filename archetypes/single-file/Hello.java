///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS dev.goasync:goasync:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-opens=java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.GoAsync;
import java.time.Duration;

/** Greets from a coroutine. */
void main(String[] arguments) {
  String name = arguments.length == 0 ? "world" : arguments[0];
  var greeting =
      goAsync(() -> {
        GoAsync.sleep(Duration.ofMillis(1)); // pauses the coroutine, blocks no thread
        return "Hello, " + name + "!";
      });
  System.out.println(greeting.await());
  System.out.println(GoAsync.describe());
}
