package dev.goasync.examples;

/**
 * What the server examples understand on the command line.
 *
 * @param port where to listen; 0 for any free port
 * @param loops how many loops serve
 */
record Options(int port, int loops) {
  private static final int MOST_PORT = 65_535;
  private static final int MOST_LOOPS = 1024;

  /** Of an example that takes {@code --port}. */
  static Options parse(String example, String[] args) {
    return parse(args, "usage: " + example + " [--port PORT]     (PORT from 0 to 65535)", false);
  }

  /** Of an example that also takes {@code --loops}. */
  static Options parseWithLoops(String example, String[] args) {
    return parse(
        args,
        "usage: "
            + example
            + " [--port PORT] [--loops LOOPS]     (PORT from 0 to 65535, LOOPS from 1 to 1024)",
        true);
  }

  private static Options parse(String[] args, String usage, boolean withLoops) {
    Options options = new Options(0, 1);
    for (int i = 0; i < args.length; i += 2) {
      int value = i + 1 < args.length ? number(args[i + 1]) : -1;
      if (args[i].equals("--port") && value >= 0 && value <= MOST_PORT) {
        options = new Options(value, options.loops);
      } else if (withLoops && args[i].equals("--loops") && value >= 1 && value <= MOST_LOOPS) {
        options = new Options(options.port, value);
      } else {
        System.err.println(usage);
        System.exit(2);
      }
    }
    return options;
  }

  private static int number(String text) {
    return text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
  }
}
