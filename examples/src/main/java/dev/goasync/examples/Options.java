package dev.goasync.examples;

/**
 * What the server examples understand on the command line.
 *
 * @param port where to listen; 0 for any free port
 */
record Options(int port) {
  static Options parse(String example, String[] args) {
    if (args.length == 0) {
      return new Options(0);
    }
    if (args.length == 2 && args[0].equals("--port") && args[1].matches("\\d{1,5}")) {
      int port = Integer.parseInt(args[1]);
      if (port <= 65_535) {
        return new Options(port);
      }
    }
    System.err.println("usage: " + example + " [--port PORT]     (PORT from 0 to 65535)");
    System.exit(2);
    throw new AssertionError("unreachable");
  }
}
