package dev.goasync.examples;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command line, as its usage says: {@code http-files [--port PORT] [--patience SECONDS]
 * [FOLDER]}.
 */
final class Options {
  private static final int MAX_PORT = 65_535;

  private final String usage;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> operands = new ArrayList<>();

  private Options(String usage) {
    this.usage = usage;
  }

  /** Parses a command line; if it is wrong, tells the usage and ends the program. */
  static Options parse(String usage, String[] args) {
    Options options = new Options(usage);
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith("--")) {
        options.addNumber(args[i], i + 1 < args.length ? args[i + 1] : "");
        i++;
      } else {
        options.operands.add(args[i]);
      }
    }
    String operands = usage.replaceAll(" \\[--\\w+ \\w+]", "");
    int most = operands.split(" ").length - 1;
    int least = most - (int) operands.chars().filter(letter -> letter == '[').count();
    if (options.operands.size() < least || options.operands.size() > most) {
      options.refuse();
    }
    return options;
  }

  private void addNumber(String name, String value) {
    boolean known = Pattern.compile("\\[" + Pattern.quote(name) + " ").matcher(usage).find();
    if (!known || !value.matches("\\d{1,5}") || Integer.parseInt(value) > MAX_PORT) {
      refuse();
    }
    numbers.put(name, Integer.parseInt(value));
  }

  /** Where to listen; 0, for any free port, unless it is given. */
  int port() {
    return number("--port", 0);
  }

  int number(String name, int otherwise) {
    return numbers.getOrDefault(name, otherwise);
  }

  @Nullable String operand() {
    return operands.isEmpty() ? null : operands.getFirst();
  }

  /** Tells the usage and ends the program. */
  AssertionError refuse() {
    System.err.println("usage: " + usage + "     (numbers from 0 to " + MAX_PORT + ")");
    System.exit(2);
    return new AssertionError("unreachable");
  }
}
