package ${package};

import dev.goasync.GoAsync;
import dev.goasync.io.ByteStream;
import dev.goasync.net.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A server that answers lines. Each connection has a coroutine; all of them share one thread. */
public final class Main {
  private static final int MAX_LINE_BYTES = 1_000;

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    int port = arguments.length == 0 ? 8080 : Integer.parseInt(arguments[0]);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    System.out.println(GoAsync.describe());
    try (Server server =
        Server.with().stopAtExit(Duration.ofSeconds(2)).listen(address, Main::serve)) {
      System.out.println("listening on port " + server.port());
      server.await();
    }
  }

  /** Answers each line until the client closes the connection; each wait pauses the coroutine. */
  static void serve(ByteStream connection) throws IOException {
    for (String line; (line = connection.readLine(MAX_LINE_BYTES)) != null; ) {
      connection.writeAll(answer(line) + "\n");
    }
  }

  static String answer(String line) {
    return "Hello, " + line + "!";
  }
}
