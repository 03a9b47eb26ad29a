package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.goasync.GoAsync;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import dev.goasync.sync.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

/** HikariCP with PostgreSQL's driver, used through Spring's JdbcTemplate. */
@Timeout(120)
final class HikariTest {
  private static final int CONNECTIONS = 6;

  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static HikariDataSource pool(String url, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername("postgres");
    config.addDataSourceProperty("socketFactory", LoopSocketFactory.class.getName());
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  // guide: end

  private static int add(JdbcTemplate template, int number) {
    Integer sum = template.queryForObject("select ?::int + 1", Integer.class, number);
    assertThat(sum).isEqualTo(number + 1);
    return number;
  }

  @Test
  void coroutinesWaitForAConnectionOfThePool() throws Exception {
    Modes.assumeFullMode("a wait for a connection of the pool blocks the loop");
    String url = Servers.postgres();
    one.run(() -> {
      try (HikariDataSource pool = pool(url, CONNECTIONS)) {
        var template = new JdbcTemplate(pool);
        Throwable failure =
            Rounds.withCut(
                number -> add(template, number), () -> template.execute("select pg_sleep(60)"));
        assertThat(failure).isInstanceOf(DataAccessResourceFailureException.class);
      }
    });
  }

  /** A semaphore keeps coroutines from waiting inside the pool, so that portable mode works. */
  @Test
  void aSemaphoreStandsBeforeThePool() throws Exception {
    String url = Servers.postgres();
    one.run(() -> {
      try (HikariDataSource pool = pool(url, CONNECTIONS)) {
        var template = new JdbcTemplate(pool);
        var permits = new Semaphore(CONNECTIONS);
        GoAsync.awaitAll(
            OneLoop.startMany(number -> permits.withPermit(() -> add(template, number))));
      }
    });
  }
}
