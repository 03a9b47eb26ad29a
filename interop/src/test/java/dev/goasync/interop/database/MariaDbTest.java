package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** MariaDB's driver, configured with the name of {@code LoopSocketFactory}. */
@Timeout(120)
final class MariaDbTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Connection connect(String address) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "root");
    properties.setProperty("socketFactory", LoopSocketFactory.class.getName());
    properties.setProperty("sslMode", "disable"); // version 4 asks for TLS otherwise
    return DriverManager.getConnection(
        "jdbc:mariadb://" + address + "/information_schema", properties);
  }

  // guide: end

  @Test
  void aCancelClosesItsConnection() throws Exception {
    String address = "127.0.0.1:" + Servers.mariaDb();
    one.run(() -> {
      Throwable failure =
          Rounds.withCut(
              number -> Sql.exchange(() -> connect(address), number),
              () -> Sql.execute(() -> connect(address), "do sleep(60)"));
      assertThat(failure).isInstanceOf(SQLNonTransientConnectionException.class);
    });
  }
}
