package dev.goasync.interop.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoInterruptedException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.SilentServer;
import java.net.InetSocketAddress;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** MongoDB's synchronous driver, which uses the JDK's sockets, with a server in memory. */
@Timeout(60)
final class MongoTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static MongoClient client(String address) {
    return MongoClients.create("mongodb://" + address + "/?maxPoolSize=10");
  }

  // guide: end

  private static int insertAndFind(MongoClient client, int number) {
    MongoCollection<Document> places = client.getDatabase("example").getCollection("places");
    places.insertOne(new Document("number", number));
    Document found = places.find(Filters.eq("number", number)).first();
    assertThat(found).containsEntry("number", number);
    return number;
  }

  @Test
  void aCancelEndsTheWait() throws Exception {
    Modes.assumeFullMode("the JDK's sockets block the loop");
    MongoServer server = new MongoServer(new MemoryBackend());
    InetSocketAddress address = server.bind();
    try (var silent = new SilentServer()) {
      one.run(() -> {
        try (MongoClient client = client("127.0.0.1:" + address.getPort());
            MongoClient stalled = client("127.0.0.1:" + silent.port())) {
          Throwable failure =
              Rounds.withCut(
                  number -> insertAndFind(client, number), () -> insertAndFind(stalled, 1));
          assertThat(failure).isInstanceOf(MongoInterruptedException.class);
        }
      });
    } finally {
      server.shutdownNow();
    }
  }
}
