package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;

/** SQLite, which computes in native code of the calling thread. */
@Timeout(60)
final class SqliteTest {
  private static final String ENDLESS =
      "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";

  @RegisterExtension final OneLoop one = new OneLoop();

  @TempDir Path dir;

  // guide: begin
  /** A cancel of {@code offload} interrupts its thread; the handler then ends the query. */
  static Connection open(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    ProgressHandler.setHandler(
        connection,
        10_000, // instructions of SQLite's virtual machine between two calls
        new ProgressHandler() {
          @Override
          protected int progress() {
            return Thread.currentThread().isInterrupted() ? 1 : 0;
          }
        });
    return connection;
  }

  static long query(Path file, String sql) throws SQLException {
    return GoAsync.offload(() -> {
      try (Connection connection = open(file);
          Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery(sql)) {
        return result.getLong(1);
      }
    });
  }

  // guide: end

  @Test
  void aCancelEndsTheQuery() throws Exception {
    Path file = dir.resolve("data");
    one.run(() -> {
      Throwable failure =
          Rounds.withCut(
              number -> {
                assertThat(query(file, "select 1 + " + number)).isEqualTo(number + 1);
                return number;
              },
              () -> query(file, ENDLESS));
      assertThat(failure).isInstanceOf(CancellationException.class);
      assertThat(failure.getSuppressed()[0]).hasMessageContaining("SQLITE_INTERRUPT");
    });
  }
}
