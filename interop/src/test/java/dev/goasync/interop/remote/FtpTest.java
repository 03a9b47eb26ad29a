package dev.goasync.interop.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.bridge.LoopServerSocketFactory;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import dev.goasync.interop.SilentServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Apache Commons Net's FTP client, in passive and in active mode. */
@Timeout(120)
final class FtpTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static FTPClient connect(String host, int port, String user) throws IOException {
    FTPClient client = new FTPClient();
    client.setSocketFactory(new LoopSocketFactory());
    client.setServerSocketFactory(new LoopServerSocketFactory()); // for active mode
    client.connect(host, port);
    client.login(user, "");
    client.setFileType(FTP.BINARY_FILE_TYPE);
    return client;
  }

  // guide: end

  private static int storeAndRetrieve(int port, int number) throws IOException {
    FTPClient client = connect("127.0.0.1", port, "anonymous");
    try {
      if (number % 2 == 0) {
        client.enterLocalPassiveMode();
      } else {
        client.enterLocalActiveMode();
      }
      String name = "shared/file" + number;
      byte[] content = new byte[100_000 + number];
      content[99_999] = (byte) number;
      assertThat(client.storeFile(name, new ByteArrayInputStream(content)))
          .as("%s", client.getReplyString())
          .isTrue();
      var retrieved = new ByteArrayOutputStream();
      assertThat(client.retrieveFile(name, retrieved)).isTrue();
      assertThat(retrieved.toByteArray()).isEqualTo(content);
      client.logout();
    } finally {
      client.disconnect();
    }
    return number;
  }

  @Test
  void aCancelClosesItsConnection() throws Exception {
    int port = Servers.ftp();
    one.run(() -> {
      try (var silent = new SilentServer()) {
        Throwable failure =
            Rounds.withCut(
                number -> storeAndRetrieve(port, number),
                () -> connect("127.0.0.1", silent.port(), "anonymous"));
        assertThat(failure).isInstanceOf(SocketException.class);
      }
    });
  }
}
