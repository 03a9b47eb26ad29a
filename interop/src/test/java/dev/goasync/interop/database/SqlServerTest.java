package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.sqlserver.jdbc.SQLServerException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.bridge.LoopSocketFactory;
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

/** SQL Server's driver as far as its first wait for an answer: no server was at hand. */
@Timeout(60)
final class SqlServerTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Connection connect(String address) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "sa");
    properties.setProperty("password", "secret");
    properties.setProperty("socketFactoryClass", LoopSocketFactory.class.getName());
    return DriverManager.getConnection("jdbc:sqlserver://" + address, properties);
  }

  // guide: end

  @Test
  void aCancelEndsConnects() throws Exception {
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
          assertThat(connect.failure()).isInstanceOf(SQLServerException.class);
        }
      }
    });
  }
}
