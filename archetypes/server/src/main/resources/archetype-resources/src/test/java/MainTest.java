package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class MainTest {
  @Test
  void greetsEachLine() throws IOException {
    try (Server server = Server.listen(0, Main::serve);
        AsyncSocket client = AsyncSocket.connect("localhost", server.port())) {
      client.writeAll("first\nsecond\n");
      assertEquals("Hello, first!", client.readLine(100));
      assertEquals("Hello, second!", client.readLine(100));
    }
  }
}
