package dev.goasync.bench.program;

import dev.goasync.file.AsyncDirectory;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.Server;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.util.ArrayDeque;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/** Serves the files of a directory by TLS 1.3, on one loop. */
public final class TlsFiles {
  private static final int MAX_LINE_BYTES = 8 * 1024;
  private static final int MAX_FILE_BYTES = 128 * 1024;
  private static final char[] PASSWORD = "bench".toCharArray();

  /** Unused buffers. One loop serves all connections, so no lock is needed. */
  private static final ArrayDeque<ByteBuffer> BUFFERS = new ArrayDeque<>();

  private TlsFiles() {}

  /** Arguments: the provider, {@code jdk} or {@code conscrypt}; the key store; the directory. */
  public static void main(String[] args) throws Exception {
    Provider provider = args[0].equals("conscrypt") ? Conscrypt.newProvider() : null;
    SSLContext context = context(provider, Path.of(args[1]));
    AsyncDirectory directory = AsyncDirectory.open(Path.of(args[2]));
    Server server =
        Server.listen(
            0,
            TlsStream.handler(
                context,
                parameters -> parameters.setProtocols(new String[] {"TLSv1.3"}),
                client -> serve(client, directory)));
    System.out.println("listening on " + server.port());
  }

  private static SSLContext context(@Nullable Provider provider, Path store)
      throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(keys, PASSWORD);
    SSLContext context =
        provider == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", provider);
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void serve(TlsStream client, AsyncDirectory directory) throws IOException {
    boolean open = true;
    while (open) {
      String request = client.readLine(MAX_LINE_BYTES);
      if (request == null) {
        return;
      }
      String line;
      while ((line = client.readLine(MAX_LINE_BYTES)) != null && !line.isEmpty()) {
        open &= !line.toLowerCase(Locale.ROOT).equals("connection: close");
      }
      String name = request.split(" ", -1)[1].substring(1);
      send(client, directory, name, open ? "" : "Connection: close\r\n");
    }
  }

  private static void send(TlsStream client, AsyncDirectory directory, String name, String header)
      throws IOException {
    ByteBuffer buffer =
        BUFFERS.isEmpty() ? ByteBuffer.allocateDirect(MAX_FILE_BYTES) : BUFFERS.pop();
    try (AsyncFile file = directory.openFile(name)) {
      int size = (int) file.size();
      String head = "HTTP/1.1 200 OK\r\n" + header + "Content-Length: " + size + "\r\n\r\n";
      buffer.put(head.getBytes(StandardCharsets.US_ASCII));
      buffer.limit(buffer.position() + size);
      while (buffer.hasRemaining() && file.read(buffer) >= 0) {
        // read the rest
      }
      client.writeAll(buffer.flip());
    } finally {
      BUFFERS.push(buffer.clear());
    }
  }
}
