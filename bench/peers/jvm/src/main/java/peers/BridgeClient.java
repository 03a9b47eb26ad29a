package peers;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.goasync.bridge.LoopSocketFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Properties;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** The libraries of suite bridge, with the settings of docs/guide/libraries.md. */
enum BridgeClient {
  /** A query by a prepared statement; a connection for each worker. */
  PGJDBC {
    @Override
    Exchange open(BridgeRuntime runtime, int port) throws Exception {
      Properties properties = new Properties();
      properties.setProperty("user", "postgres");
      if (runtime.sockets() instanceof LoopSocketFactory) { // by name; the JDK's is the default
        properties.setProperty("socketFactory", LoopSocketFactory.class.getName());
      }
      PreparedStatement query =
          DriverManager.getConnection(
                  "jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties)
              .prepareStatement("select ? + 1");
      return number -> {
        query.setInt(1, number);
        try (ResultSet result = query.executeQuery()) {
          check(result.next() && result.getInt(1) == number + 1);
        }
      };
    }
  },
  /** GET of ten bytes; a connection for each worker. */
  JEDIS {
    @Override
    Exchange open(BridgeRuntime runtime, int port) {
      Jedis jedis = new Jedis(() -> jedisSocket(runtime, port));
      jedis.set("greeting", "0123456789");
      return _ -> check(jedis.get("greeting").equals("0123456789"));
    }
  },
  /** GET by a client that all workers share, with a connection for each. */
  APACHE {
    @Override
    Exchange openShared(BridgeRuntime runtime, int port, int workers) {
      CloseableHttpClient client = httpClient(runtime, workers);
      String url = "http://127.0.0.1:" + port + "/";
      return _ ->
          check(
              client.execute(
                      new HttpGet(url),
                      response -> EntityUtils.toByteArray(response.getEntity()).length)
                  == HELLO_BYTES);
    }
  },
  /** A message that the broker confirms; one connection, and a channel for each worker. */
  RABBITMQ {
    private Connection connection;

    @Override
    Exchange openShared(BridgeRuntime runtime, int port, int workers) throws Exception {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setHost("127.0.0.1");
      factory.setPort(port);
      factory.setSocketFactory(runtime.sockets());
      factory.setThreadFactory(runtime.threads());
      factory.setSharedExecutor(runtime.executor());
      factory.setHeartbeatExecutor(runtime.timers());
      connection = factory.newConnection();
      return null;
    }

    @Override
    Exchange open(BridgeRuntime runtime, int port) throws Exception {
      Channel channel = connection.createChannel();
      channel.confirmSelect();
      byte[] body = "0123456789".getBytes(StandardCharsets.US_ASCII);
      return _ -> {
        channel.basicPublish("", "no-such-queue", null, body);
        channel.waitForConfirmsOrDie(60_000);
      };
    }
  };

  private static final int HELLO_BYTES = 13;

  /** A request and its answer. */
  @FunctionalInterface
  interface Exchange {
    void run(int number) throws Exception;
  }

  /** Opens what all workers share; returns their exchange, or null if each opens its own. */
  Exchange openShared(BridgeRuntime runtime, int port, int workers) throws Exception {
    return null;
  }

  /** Opens the exchange of one worker. */
  Exchange open(BridgeRuntime runtime, int port) throws Exception {
    throw new IllegalStateException(this + " is shared");
  }

  private static void check(boolean isRight) {
    if (!isRight) {
      throw new IllegalStateException("a wrong answer");
    }
  }

  private static Socket jedisSocket(BridgeRuntime runtime, int port) {
    try {
      Socket socket = runtime.sockets().createSocket();
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
      return socket;
    } catch (IOException failed) {
      throw new JedisConnectionException(failed);
    }
  }

  private static CloseableHttpClient httpClient(BridgeRuntime runtime, int connections) {
    var manager =
        new PoolingHttpClientConnectionManagerBuilder() {
          @Override
          protected HttpClientConnectionOperator createConnectionOperator(
              SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(
                _ -> runtime.sockets().createSocket(),
                ports,
                names,
                RegistryBuilder.<TlsSocketStrategy>create()
                    .register(URIScheme.HTTPS.id, tls)
                    .build());
          }
        };
    manager.setMaxConnTotal(connections);
    manager.setMaxConnPerRoute(connections);
    return HttpClients.custom().setConnectionManager(manager.build()).build();
  }
}
