package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.SilentServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Oracle's driver as far as its first wait for an answer: no server was at hand. */
@Timeout(60)
final class OracleTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Connection connect(String address) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "scott");
    properties.setProperty("password", "secret");
    properties.setProperty("oracle.jdbc.javaNetNio", "false"); // streams, not a selector
    return DriverManager.getConnection("jdbc:oracle:thin:@//" + address + "/example", properties);
  }

  // guide: end

  @Test
  void aCancelEndsConnects() throws Exception {
    Modes.assumeFullMode("the JDK's sockets block the loop");
    one.run(() -> {
      try (var server = new SilentServer()) {
        List<Task<Connection>> connects =
            OneLoop.start(20, _ -> connect("127.0.0.1:" + server.port()));
        while (server.connections() < connects.size()) {
          GoAsync.yield();
        }
        connects.forEach(Task::cancel);
        for (Task<Connection> connect : connects) {
          while (!connect.isCompleted()) {
            GoAsync.yield();
          }
          assertThat(connect.failure()).isInstanceOf(SQLException.class);
        }
      }
    });
  }
}
