package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** jOOQ with a pool of connections that use the loop's sockets. */
@Timeout(120)
final class JooqTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static DSLContext queries(DataSource pool) {
    return DSL.using(pool, SQLDialect.POSTGRES, new Settings());
  }

  // guide: end

  private static int add(DSLContext queries, int number) {
    assertThat(queries.select(DSL.val(number).plus(1)).fetchSingle().value1())
        .isEqualTo(number + 1);
    return number;
  }

  @Test
  void queriesOfManyCoroutinesShareAPool() throws Exception {
    Modes.assumeFullMode("a wait for a connection of the pool blocks the loop");
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
    String url = Servers.postgres();
    one.run(() -> {
      try (HikariDataSource pool = HikariTest.pool(url, 6)) {
        DSLContext queries = queries(pool);
        Throwable failure =
            Rounds.withCut(
                number -> add(queries, number), () -> queries.fetch("select pg_sleep(60)"));
        assertThat(failure).isInstanceOf(DataAccessException.class);
      }
    });
  }
}
