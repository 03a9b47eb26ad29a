package dev.goasync.examples;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses a command line after the pattern of its usage text, such as {@code http-files [--port
 * PORT] [--timeout SECONDS] [DIRECTORY]}.
 */
final class Options {
  private static final int MAX_PORT = 65_535;

  private final String usage;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> operands = new ArrayList<>();

  private Options(String usage) {
    this.usage = usage;
  }

  /** Parses a command line. If it is wrong, prints the usage and exits with status 2. */
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
    int maxOperands = operands.split(" ").length - 1;
    int minOperands = maxOperands - (int) operands.chars().filter(letter -> letter == '[').count();
    if (options.operands.size() < minOperands || options.operands.size() > maxOperands) {
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

  /** The port to listen on; 0, which selects any free port, by default. */
  int port() {
    return number("--port", 0);
  }

  int number(String name, int defaultValue) {
    return numbers.getOrDefault(name, defaultValue);
  }

  @Nullable String operand() {
    return operands.isEmpty() ? null : operands.getFirst();
  }

  /** Prints the usage and exits with status 2. */
  AssertionError refuse() {
    System.err.println("usage: " + usage + "     (numbers from 0 to " + MAX_PORT + ")");
    System.exit(2);
    return new AssertionError("unreachable");
  }
}
