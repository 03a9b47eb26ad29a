package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.Descriptors;
import dev.goasync.TaskScope;
import dev.goasync.testkit.LongRunning;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many short connections at a time, which end regularly or by a failure. */
@LongRunning
final class ChurnTest {
  private static final int CLIENTS = 50;

  /** A hundred thousand in sum; a tenth of that in portable mode, which is slower. */
  private static final int VISITS_EACH = Boolean.getBoolean("goasync.portable") ? 200 : 2_000;

  /** When a client disconnects. */
  private enum Leaving {
    AFTER_THE_ANSWER,
    BEFORE_THE_ANSWER,
    WITHOUT_A_WORD
  }

  private static void answer(AsyncSocket client) throws IOException {
    for (String line; (line = client.readLine(100)) != null; ) {
      client.writeAll(line + "\n");
    }
  }

  /** Ends by a reset: after any other end the client's port would stay unusable for a minute. */
  private static void visit(Server server, Leaving leaving) throws IOException {
    try (var client =
        AsyncSocket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))) {
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
      if (leaving != Leaving.WITHOUT_A_WORD) {
        client.writeAll("hello\n");
      }
      if (leaving == Leaving.AFTER_THE_ANSWER) {
        assertThat(client.readLine()).isEqualTo("hello");
      }
    }
  }

  @Test
  @Timeout(300)
  void manyShortConnectionsLeakNothing() throws Exception {
    long before = Descriptors.count("socket:");
    Caller.COROUTINE.run(() -> {
      try (Server server = Server.listen(0, ChurnTest::answer)) {
        TaskScope.run(scope -> {
          for (int i = 0; i < CLIENTS; i++) {
            scope.goAsync(() -> {
              for (int n = 0; n < VISITS_EACH; n++) {
                visit(server, Leaving.values()[n % 3]);
              }
            });
          }
          return null;
        });
      }
    });
    assertThat(Descriptors.count("socket:")).isEqualTo(before);
  }
}
