package dev.goasync.examples;

import dev.goasync.GoAsync;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses a command line after the pattern of its usage text, such as {@code http-files [--port
 * PORT] [--quiet] [DIRECTORY]}. Each command also has {@code --help}, {@code --version} and {@code
 * --trace}.
 */
final class Options {
  private static final int MAX_NUMBER = 65_535;
  private static final String TRACE = "--trace";

  private final String usage;
  private final Map<String, String> values = new HashMap<>();
  private final List<String> operands = new ArrayList<>();

  private Options(String usage) {
    this.usage = usage;
  }

  /** Parses a command line. If it is wrong, prints the usage and exits with status 2. */
  static Options parse(String usage, String[] args) {
    Options options = new Options(usage);
    int i = 0;
    while (i < args.length) {
      String argument = args[i];
      // What follows a command are the arguments of that command.
      boolean ofCommand = usage.contains("COMMAND") && !options.operands.isEmpty();
      if (argument.equals("--") && !ofCommand) {
        options.operands.addAll(Arrays.asList(args).subList(i + 1, args.length));
        break;
      }
      i +=
          !ofCommand && argument.startsWith("--")
              ? options.add(args, i)
              : options.operand(argument);
    }
    options.checkOperands();
    return options;
  }

  private int operand(String operand) {
    operands.add(operand);
    return 1;
  }

  /** Adds an option, and returns how many arguments it is. */
  private int add(String[] args, int i) {
    String name = args[i];
    if (name.equals("--help")) {
      System.out.println("usage: " + usage);
      System.out.println(
          "Each example also has --help, --version, and --trace: print stack traces.");
      System.exit(0);
    }
    if (name.equals("--version")) {
      System.out.println(name() + ", an example of " + GoAsync.describe());
      System.exit(0);
    }
    if (name.equals(TRACE) || usage.contains("[" + name + "]")) {
      values.put(name, "");
      return 1;
    }
    if (!Pattern.compile("\\[" + Pattern.quote(name) + " ").matcher(usage).find()) {
      throw refuse("unknown option " + name);
    }
    if (i + 1 == args.length) {
      throw refuse(name + " needs a value");
    }
    values.put(name, args[i + 1]);
    return 2;
  }

  private void checkOperands() {
    String words = usage.replaceAll(" \\[--\\w+( \\w+)?]", "");
    int max = words.contains("...") ? Integer.MAX_VALUE : words.split(" ").length - 1;
    String needed = words;
    while (needed.contains("[")) {
      needed = needed.replaceAll(" ?\\[[^\\[\\]]*](\\.\\.\\.)?", "");
    }
    int min = needed.split(" ").length - 1;
    if (operands.size() < min) {
      throw refuse("an operand is missing");
    }
    if (operands.size() > max) {
      throw refuse("unexpected operand " + operands.get(max));
    }
  }

  /** The first word of the usage. */
  String name() {
    return usage.split(" ", 2)[0];
  }

  /** The address to listen on: by default the loopback address, which other hosts cannot reach. */
  InetSocketAddress address() {
    return new InetSocketAddress(bind(), number("--port", 0));
  }

  private InetAddress bind() {
    String host = values.get("--bind");
    try {
      return host == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
    } catch (UnknownHostException unknown) {
      throw refuse("--bind is no address of this host: " + host);
    }
  }

  /** The value of an option, from 0 to {@value #MAX_NUMBER}. */
  int number(String name, int defaultValue) {
    String value = values.get(name);
    if (value == null) {
      return defaultValue;
    }
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > MAX_NUMBER) {
      throw refuse(name + " is no number from 0 to " + MAX_NUMBER + ": " + value);
    }
    return Integer.parseInt(value);
  }

  @Nullable String text(String name) {
    return values.get(name);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  boolean trace() {
    return has(TRACE);
  }

  List<String> operands() {
    return List.copyOf(operands);
  }

  @Nullable String operand() {
    return operands.isEmpty() ? null : operands.getFirst();
  }

  /** Prints the usage with what is wrong, in one line, and exits with status 2. */
  AssertionError refuse(String problem) {
    System.err.println("usage: " + usage + "     (" + problem + ")");
    System.exit(2);
    return new AssertionError("unreachable");
  }
}
