package dev.goasync.interop.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.bridge.LoopSockets;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import dev.goasync.io.ByteStream;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Clients whose sockets are views of streams: in memory, and TLS. */
@Timeout(120)
final class ClientsOverStreamsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int RELAY_BYTES = 16_384;

  @RegisterExtension final OneLoop one = new OneLoop();

  /** Copies in both directions until one end closes, then closes both. */
  private static void relay(ByteStream near, ByteStream far) {
    Task<?> back = GoAsync.goAsync(() -> copyAndClose(far, near));
    copyAndClose(near, far);
    back.await();
  }

  private static void copyAndClose(ByteStream source, ByteStream target) {
    ByteBuffer bytes = ByteBuffer.allocate(RELAY_BYTES);
    try (source;
        target) {
      while (source.read(bytes) >= 0) {
        target.writeAll(bytes.flip());
        bytes.clear();
      }
    } catch (IOException closed) {
      // by the copy in the opposite direction, or by a client that was cut
    }
  }

  private static AsyncSocket connect(int port) throws IOException {
    return AsyncSocket.connect(new InetSocketAddress(LOOPBACK, port));
  }

  // ---- Jedis over a stream in memory ----

  private static JedisSocketFactory inMemory(int port) {
    return () -> {
      MemoryStream.Pair pair = MemoryStream.pair();
      var _ = GoAsync.goAsync(() -> relay(pair.there(), connect(port)));
      return LoopSockets.view(pair.here());
    };
  }

  private static int setAndGet(JedisSocketFactory sockets, int number) {
    try (Jedis jedis = new Jedis(sockets)) {
      String key = "view:" + number;
      jedis.set(key, "" + number);
      assertThat(jedis.get(key)).isEqualTo("" + number);
      jedis.del(key);
    }
    return number;
  }

  @Test
  void jedisOverAStreamInMemory() throws Exception {
    JedisSocketFactory sockets = inMemory(Servers.redis());
    one.run(() -> {
      Throwable failure =
          Rounds.withCut(
              number -> setAndGet(sockets, number),
              () -> {
                try (Jedis jedis = new Jedis(sockets)) {
                  jedis.blpop(0, "nothing");
                }
              });
      assertThat(failure).isInstanceOf(JedisConnectionException.class);
    });
  }

  // ---- PostgreSQL's driver over TLS ----

  /** Made by the driver, by name; the argument is the port of the TLS server. */
  public static final class TlsSockets extends SocketFactory {
    private final int port;

    public TlsSockets(String port) {
      this.port = Integer.parseInt(port);
    }

    @Override
    public Socket createSocket() throws IOException {
      try {
        return LoopSockets.view(TlsProvider.JDK.client(connect(port), Settings.client("TLSv1.3")));
      } catch (IOException failed) {
        throw failed;
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
    }

    @Override
    public Socket createSocket(String host, int unused) throws IOException {
      return createSocket();
    }

    @Override
    public Socket createSocket(String host, int unused, InetAddress local, int localPort)
        throws IOException {
      return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int unused) throws IOException {
      return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int unused, InetAddress local, int localPort)
        throws IOException {
      return createSocket();
    }
  }

  private static Connection query(String url, int tlsPort) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("sslmode", "disable"); // the driver's own TLS
    properties.setProperty("socketFactory", TlsSockets.class.getName());
    properties.setProperty("socketFactoryArg", "" + tlsPort);
    return DriverManager.getConnection(url, properties);
  }

  private static int exchange(String url, int tlsPort, int number) throws SQLException {
    try (Connection connection = query(url, tlsPort);
        PreparedStatement statement = connection.prepareStatement("select ? + 1")) {
      statement.setInt(1, number);
      try (ResultSet result = statement.executeQuery()) {
        assertThat(result.next()).isTrue();
        assertThat(result.getInt(1)).isEqualTo(number + 1);
      }
    }
    return number;
  }

  @Test
  void theDriverOfPostgresOverATlsStream() throws Exception {
    String url = Servers.postgres();
    int port = Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
    one.run(() -> {
      try (Server server =
          Server.with()
              .on(one.loop())
              .listen(
                  new InetSocketAddress(LOOPBACK, 0),
                  client ->
                      relay(
                          TlsProvider.JDK.server(client, Settings.server("TLSv1.3")),
                          connect(port)))) {
        int tlsPort = server.port();
        Throwable failure =
            Rounds.withCut(
                10,
                number -> exchange(url, tlsPort, number),
                () -> {
                  try (Connection connection = query(url, tlsPort);
                      var statement = connection.createStatement()) {
                    statement.execute("select pg_sleep(60)");
                  }
                });
        assertThat(failure).isInstanceOf(SQLException.class);
      }
    });
  }
}
