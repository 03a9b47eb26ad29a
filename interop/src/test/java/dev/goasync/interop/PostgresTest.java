package dev.goasync.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.bridge.LoopSocketFactory;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The JDBC driver of PostgreSQL, configured with the name of {@code LoopSocketFactory}. */
@Timeout(120)
final class PostgresTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  @FunctionalInterface
  private interface Cancel {
    void of(Statement statement) throws SQLException;
  }

  // guide: begin
  static Connection connect(String url) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("socketFactory", LoopSocketFactory.class.getName());
    return DriverManager.getConnection(url, properties);
  }

  // guide: end

  private static Connection connect() throws Exception {
    return connect(Servers.postgres());
  }

  private static long queryLong(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  /** Waits until {@code count} sessions wait for an advisory lock. */
  private static void untilSessionsWait(Connection observer, int count) throws SQLException {
    String waiting = "select count(*) from pg_stat_activity where wait_event = 'advisory'";
    while (queryLong(observer, waiting) < count) {
      GoAsync.yield();
    }
  }

  /** An advisory lock delays each query until all of them wait in the server. */
  @Test
  void aHundredQueriesAreOpenAtOnce() throws Exception {
    one.run(() -> {
      try (Connection gate = connect()) {
        queryLong(gate, "select 1 from pg_advisory_lock(1)");
        List<Task<Integer>> queries =
            OneLoop.startMany(number -> {
              try (Connection connection = connect();
                  PreparedStatement query =
                      connection.prepareStatement(
                          "select ?::int + 1 from pg_advisory_lock_shared(1)")) {
                query.setInt(1, number);
                try (ResultSet result = query.executeQuery()) {
                  result.next();
                  return result.getInt(1);
                }
              }
            });
        untilSessionsWait(gate, OneLoop.MANY);
        assertThat(queries).noneMatch(Task::isCompleted);
        queryLong(gate, "select 1 from pg_advisory_unlock(1)");
        assertThat(GoAsync.awaitAll(queries))
            .containsExactlyElementsOf(IntStream.rangeClosed(1, OneLoop.MANY).boxed().toList());
      }
    });
  }

  @Test
  void transactionsAndLargeResultsWork() throws Exception {
    one.run(() -> {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("create temp table t (id int, content text)");
        try (PreparedStatement insert =
            connection.prepareStatement("insert into t values (?, ?)")) {
          for (int i = 0; i < 1_000; i++) {
            insert.setInt(1, i);
            insert.setString(2, "x".repeat(i));
            insert.addBatch();
          }
          assertThat(insert.executeBatch()).hasSize(1_000).containsOnly(1);
        }
        connection.commit();
        assertThat(queryLong(connection, "select sum(length(content)) from t")).isEqualTo(499_500);
        statement.setFetchSize(10);
        long sum = 0;
        try (ResultSet rows = statement.executeQuery("select content from t")) {
          while (rows.next()) {
            sum += rows.getString(1).length();
          }
        }
        assertThat(sum).isEqualTo(499_500);
        statement.execute("delete from t");
        connection.rollback();
        assertThat(queryLong(connection, "select count(*) from t")).isEqualTo(1_000);
        assertThatThrownBy(() -> statement.execute("no such command"))
            .isInstanceOf(SQLException.class);
      }
    });
  }

  /** The driver cancels through a second connection while it holds a lock of the first one. */
  private void cancelStatement(Cancel cancel) throws Exception {
    one.run(() -> {
      try (Connection gate = connect();
          Connection connection = connect();
          Statement statement = connection.createStatement()) {
        queryLong(gate, "select 1 from pg_advisory_lock(1)");
        Task<?> query =
            GoAsync.goAsync(
                () -> statement.executeQuery("select 1 from pg_advisory_lock_shared(1)").close());
        untilSessionsWait(gate, 1);
        cancel.of(statement);
        assertThatThrownBy(query::await)
            .hasCauseInstanceOf(SQLException.class)
            .hasMessageContaining("canceling statement due to user request");
        assertThat(queryLong(connection, "select 7")).isEqualTo(7);
      }
    });
  }

  @Test
  void aStatementIsCancelledByAnotherCoroutine() throws Exception {
    Modes.assumeFullMode(
        "the query's coroutine waits for the same lock of the driver and blocks the loop");
    cancelStatement(Statement::cancel);
  }

  /** Cancels on another thread, as the driver's timer does. */
  @Test
  void aStatementIsCancelledByAThread() throws Exception {
    cancelStatement(statement -> GoAsync.<SQLException>offload(() -> statement.cancel()));
  }

  /** Otherwise the next query would read the response to the cancelled query. */
  @Test
  void aCancelledCoroutineLeavesABrokenConnection() throws Exception {
    one.run(() -> {
      try (Connection gate = connect();
          Connection connection = connect()) {
        queryLong(gate, "select 1 from pg_advisory_lock(1)");
        Task<?> query =
            GoAsync.goAsync(
                () -> queryLong(connection, "select 1 from pg_advisory_lock_shared(1)"));
        untilSessionsWait(gate, 1);
        query.cancel("the user left");
        assertThatThrownBy(query::await)
            .hasCauseInstanceOf(SQLException.class)
            .rootCause()
            .hasMessage("the user left");
        assertThat(connection.isClosed()).isTrue();
        assertThatThrownBy(() -> queryLong(connection, "select 7"))
            .isInstanceOf(SQLException.class);
      }
    });
  }

  /** A thread of a connection pool, for instance. */
  @Test
  void plainThreadsUseTheSameConnections() throws Exception {
    try (Connection connection = connect()) {
      assertThat(queryLong(connection, "select 1")).isEqualTo(1);
      one.run(() -> assertThat(queryLong(connection, "select 2")).isEqualTo(2));
      assertThat(queryLong(connection, "select 3")).isEqualTo(3);
    }
    assertThatThrownBy(() -> java.sql.DriverManager.getConnection("jdbc:postgresql://127.0.0.1:1/"))
        .rootCause()
        .isInstanceOf(SocketException.class);
  }
}
