package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.exception.JDBCConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hibernate with a pool of connections that use the loop's sockets. */
@Timeout(120)
final class HibernateTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  /** A row. */
  @Entity(name = "place")
  static class Place {
    @Id long id;
    String name = "";
  }

  // guide: begin
  static SessionFactory sessions(DataSource pool, Class<?>... entities) {
    Configuration configuration = new Configuration();
    configuration.getProperties().put(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, pool);
    configuration.setProperty(SchemaToolingSettings.HBM2DDL_AUTO, "create-drop");
    for (Class<?> entity : entities) {
      configuration.addAnnotatedClass(entity);
    }
    return configuration.buildSessionFactory();
  }

  // guide: end

  private static int storeAndLoad(SessionFactory sessions, int number) {
    sessions.inTransaction(session -> {
      var place = new Place();
      place.id = number;
      place.name = "place " + number;
      session.merge(place);
    });
    Place loaded = sessions.fromTransaction(session -> session.find(Place.class, (long) number));
    assertThat(loaded.name).isEqualTo("place " + number);
    return number;
  }

  private static void sleep(SessionFactory sessions) {
    sessions.inTransaction(session ->
        session.createNativeQuery("select 1 from pg_sleep(60)", Integer.class).getSingleResult());
  }

  @Test
  void entitiesAreStoredByManyCoroutines() throws Exception {
    Modes.assumeFullMode("a wait for a connection of the pool blocks the loop");
    String url = Servers.postgres();
    one.run(() -> {
      try (HikariDataSource pool = HikariTest.pool(url, 6);
          SessionFactory sessions = sessions(pool, Place.class)) {
        Throwable failure =
            Rounds.withCut(number -> storeAndLoad(sessions, number), () -> sleep(sessions));
        assertThat(failure).isInstanceOf(JDBCConnectionException.class);
      }
    });
  }
}
