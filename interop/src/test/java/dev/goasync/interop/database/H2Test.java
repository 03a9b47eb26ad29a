package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.SilentServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** H2's remote driver, which has no hook: it uses the JDK's sockets. */
@Timeout(60)
final class H2Test {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Connection connect(String address) throws SQLException {
    return DriverManager.getConnection("jdbc:h2:tcp://" + address + "/mem:example", "sa", "");
  }

  // guide: end

  @Test
  void aCancelClosesTheJdksSocket() throws Exception {
    Modes.assumeFullMode("the JDK's sockets block the loop");
    Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
    String address = "127.0.0.1:" + server.getPort();
    try (var silent = new SilentServer()) {
      one.run(() -> {
        Throwable failure =
            Rounds.withCut(
                number -> Sql.exchange(() -> connect(address), number),
                () -> connect("127.0.0.1:" + silent.port()));
        assertThat(failure).isInstanceOf(SQLException.class);
      });
    } finally {
      server.stop();
    }
  }
}
