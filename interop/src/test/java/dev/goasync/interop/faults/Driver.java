package dev.goasync.interop.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.Servers;
import dev.goasync.interop.http.Clients;
import dev.goasync.net.HostNames;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.LoopDataPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.BasicHttpClientResponseHandler;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.bson.Document;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** The clients of the table, each configured as the guide says and without reconnects. */
enum Driver {
  POSTGRES(false) {
    @Override
    int server(int httpPort) throws Exception {
      return Integer.parseInt(Servers.postgres().replaceAll(".*:(\\d+)/.*", "$1"));
    }

    @Override
    Client connect(int port, EventLoop loop) throws SQLException {
      Properties properties = new Properties();
      properties.setProperty("user", "postgres");
      properties.setProperty("socketFactory", LoopSocketFactory.class.getName());
      return jdbc("jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
    }
  },
  MARIADB(false) {
    @Override
    int server(int httpPort) throws Exception {
      return Servers.mariaDb();
    }

    @Override
    Client connect(int port, EventLoop loop) throws SQLException {
      Properties properties = new Properties();
      properties.setProperty("user", "root");
      properties.setProperty("socketFactory", LoopSocketFactory.class.getName());
      properties.setProperty("sslMode", "disable");
      return jdbc("jdbc:mariadb://127.0.0.1:" + port + "/information_schema", properties);
    }
  },
  MONGODB(true) {
    @Override
    int server(int httpPort) throws Exception {
      return Servers.mongo();
    }

    @Override
    Client connect(int port, EventLoop loop) {
      MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + port + MONGO_OPTIONS);
      return client(number -> insertAndFind(client, number), client);
    }
  },
  JEDIS(false) {
    @Override
    int server(int httpPort) throws Exception {
      return Servers.redis();
    }

    @Override
    Client connect(int port, EventLoop loop) {
      Jedis jedis = new Jedis(() -> jedisSocket(port), JEDIS_TIMEOUTS);
      return client(number -> assertThat(jedis.echo("" + number)).isEqualTo("" + number), jedis);
    }
  },
  RABBITMQ(true) {
    @Override
    int server(int httpPort) throws Exception {
      return Servers.rabbitMq();
    }

    @Override
    Client connect(int port, EventLoop loop) throws Exception {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setHost("127.0.0.1");
      factory.setPort(port);
      factory.setAutomaticRecoveryEnabled(false);
      factory.setSocketFactory(new LoopSocketFactory());
      factory.setThreadFactory(loop.threadFactory("amqp-", true));
      factory.setSharedExecutor(loop.executor());
      factory.setHeartbeatExecutor(loop.scheduledExecutor());
      factory.setShutdownExecutor(loop.executor());
      var connection = factory.newConnection();
      return client(
          number -> publishAndGet(connection, number),
          () -> {
            try {
              connection.close();
            } catch (AlreadyClosedException broken) {
              // by the fault
            }
          });
    }
  },
  NATS(true) {
    @Override
    int server(int httpPort) throws Exception {
      return Servers.nats();
    }

    @Override
    Client connect(int port, EventLoop loop) throws Exception {
      Options options =
          new Options.Builder()
              .server("nats://127.0.0.1:" + port)
              .dataPortType(LoopDataPort.class.getName())
              .maxReconnects(0)
              .build();
      Connection connection = Nats.connect(options);
      String subject = "echo." + port;
      connection
          .createDispatcher(message -> connection.publish(message.getReplyTo(), message.getData()))
          .subscribe(subject);
      return client(number -> request(connection, subject, number), connection);
    }
  },
  JDK_HTTP(true) {
    @Override
    Client connect(int port, EventLoop loop) {
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      return client(
          number -> {
            URI uri = URI.create(url(port, number));
            var response =
                Task.from(
                    client.sendAsync(
                        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()));
            assertThat(response.await().body()).isEqualTo("number=" + number);
          },
          () -> {
            client.shutdownNow();
            GoAsync.offload(() -> client.awaitTermination(Duration.ofMinutes(1)));
          });
    }
  },
  APACHE(true) {
    @Override
    Client connect(int port, EventLoop loop) {
      CloseableHttpClient client = Clients.apache(MAX_CONNECTIONS);
      return client(
          number ->
              assertThat(
                      client.execute(
                          new HttpGet(url(port, number)), new BasicHttpClientResponseHandler()))
                  .isEqualTo("number=" + number),
          client);
    }
  },
  OKHTTP(true) {
    @Override
    Client connect(int port, EventLoop loop) {
      OkHttpClient client =
          new OkHttpClient.Builder()
              .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
              .socketFactory(new LoopSocketFactory())
              .dns(HostNames::resolve)
              .build();
      return client(
          number -> {
            Request request = new Request.Builder().url(url(port, number)).build();
            try (Response response = client.newCall(request).execute()) {
              assertThat(response.body().string()).isEqualTo("number=" + number);
            }
          },
          () -> client.connectionPool().evictAll());
    }
  };

  private static final int MAX_CONNECTIONS = 100;
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final DefaultJedisClientConfig JEDIS_TIMEOUTS =
      DefaultJedisClientConfig.builder().socketTimeoutMillis(60_000).build();

  /** A server that is down must not be waited for half a minute, the default. */
  private static final String MONGO_OPTIONS =
      "/?retryReads=false&retryWrites=false&serverSelectionTimeoutMS=3000";

  private final boolean shared;

  Driver(boolean shared) {
    this.shared = shared;
  }

  /** Whether the coroutines share one client, with a connection or a pool. */
  boolean isShared() {
    return shared;
  }

  /** Whether a client opens new connections by itself. */
  boolean reconnects() {
    return this == JDK_HTTP || this == APACHE || this == OKHTTP || this == MONGODB;
  }

  /** Returns the port of the server, which is started first if necessary. */
  int server(int httpPort) throws Exception {
    return httpPort;
  }

  /** Connects to the server at a port of loopback. */
  abstract Client connect(int port, EventLoop loop) throws Exception;

  private interface Exchange {
    void of(int number) throws Exception;
  }

  @SuppressWarnings("try")
  private static Client client(Exchange exchange, AutoCloseable close) {
    return new Client() {
      @Override
      public void exchange(int number) throws Exception {
        exchange.of(number);
      }

      @Override
      public void close() throws Exception {
        close.close();
      }
    };
  }

  private static Client jdbc(String url, Properties properties) throws SQLException {
    java.sql.Connection connection = DriverManager.getConnection(url, properties);
    return client(
        number -> {
          try (PreparedStatement query = connection.prepareStatement("select ? + 1")) {
            query.setInt(1, number);
            try (ResultSet result = query.executeQuery()) {
              assertThat(result.next()).isTrue();
              assertThat(result.getInt(1)).isEqualTo(number + 1);
            }
          }
        },
        connection);
  }

  private static void insertAndFind(MongoClient client, int number) {
    MongoCollection<Document> places = client.getDatabase("example").getCollection("places");
    places.insertOne(new Document("number", number));
    assertThat(places.find(Filters.eq("number", number)).first()).containsEntry("number", number);
  }

  private static Socket jedisSocket(int port) {
    try {
      Socket socket = new LoopSocketFactory().createSocket();
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 10_000);
      return socket;
    } catch (IOException failed) {
      throw new JedisConnectionException(failed);
    }
  }

  private static void publishAndGet(com.rabbitmq.client.Connection connection, int number)
      throws Exception {
    Channel channel = connection.createChannel();
    channel.confirmSelect();
    String queue = channel.queueDeclare().getQueue();
    byte[] body = Integer.toString(number).getBytes(UTF_8);
    channel.basicPublish("", queue, null, body);
    channel.waitForConfirmsOrDie(LONG.toMillis());
    assertThat(channel.basicGet(queue, true).getBody()).isEqualTo(body);
    channel.close();
  }

  private static void request(Connection connection, String subject, int number) throws Exception {
    byte[] body = Integer.toString(number).getBytes(UTF_8);
    Message answer = connection.request(subject, body, LONG);
    if (answer == null) {
      throw new IOException("no answer");
    }
    assertThat(answer.getData()).isEqualTo(body);
  }

  private static String url(int port, int number) {
    return "http://127.0.0.1:" + port + "/?number=" + number;
  }
}
