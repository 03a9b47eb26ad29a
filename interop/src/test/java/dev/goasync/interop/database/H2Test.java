package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
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

  /** Waits for the lock of a row. */
  private static void lockRow(String address) throws Exception {
    Sql.execute(() -> connect(address), "update gate set open = true");
  }

  /**
   * The server runs in a process of its own: its close of a connection first flushes, and if that
   * fails, since the peer has gone, the socket stays open until a garbage collection.
   */
  @Test
  void aCancelClosesTheJdksSocket() throws Exception {
    Modes.assumeFullMode("the JDK's sockets block the loop");
    String address = "127.0.0.1:" + Servers.h2();
    one.run(() -> {
      try (Connection holder = connect(address);
          Statement setUp = holder.createStatement()) {
        setUp.execute("set default_lock_timeout 60000");
        setUp.execute("create table gate as select false as open");
        holder.setAutoCommit(false);
        setUp.execute("update gate set open = false");
        Throwable failure =
            Rounds.withCut(
                number -> Sql.exchange(() -> connect(address), number), () -> lockRow(address));
        assertThat(failure).isInstanceOf(SQLException.class);
      }
    });
  }
}
