package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Queries that all databases answer. */
final class Sql {
  private Sql() {}

  /** Opens a connection for a coroutine. */
  @FunctionalInterface
  interface Connect {
    Connection open() throws Exception;
  }

  /** Sends two queries, whose answers depend on {@code number}, by a new connection. */
  static int exchange(Connect connect, int number) throws Exception {
    try (Connection connection = connect.open()) {
      for (int i = 0; i < 2; i++) {
        checkAnswer(connection, number + i);
      }
    }
    return number;
  }

  static void checkAnswer(Connection connection, int number) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("select ? + 1")) {
      query.setInt(1, number);
      try (ResultSet result = query.executeQuery()) {
        result.next();
        assertThat(result.getInt(1)).isEqualTo(number + 1);
      }
    }
  }

  /** Sends a query by a new connection. */
  static void execute(Connect connect, String sql) throws Exception {
    try (Connection connection = connect.open();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
