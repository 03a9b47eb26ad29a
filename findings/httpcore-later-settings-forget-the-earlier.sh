#!/usr/bin/env bash
# Apache HttpCore 5.4.4 (httpcore5-h2): a client that sends a second SETTINGS frame, which names another setting than the first.
# Guess: a setting that a frame does not name keeps its value (RFC 9113, 6.5.3).
# Seen: it returns to its initial value: a window of a MiB becomes 65,535 bytes, and a longer response stops there.
. "$(dirname "$0")/lib.sh"
jars org.apache.httpcomponents.core5:httpcore5-h2:5.4.4 org.slf4j:slf4j-nop:2.0.17
program <<'JAVA'
import java.io.*;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.*;
import org.apache.hc.core5.http.nio.*;
import org.apache.hc.core5.http.nio.entity.*;
import org.apache.hc.core5.http.nio.support.*;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.io.CloseMode;

class Program {
  public static void main(String[] args) throws Exception {
    var handler = new AsyncServerRequestHandler<Message<HttpRequest, byte[]>>() {
      public AsyncRequestConsumer<Message<HttpRequest, byte[]>> prepare(
          HttpRequest request, EntityDetails details, HttpContext context) {
        return new BasicRequestConsumer<>(details == null ? null : new BasicAsyncEntityConsumer());
      }

      public void handle(Message<HttpRequest, byte[]> message, ResponseTrigger trigger, HttpContext context)
          throws HttpException, IOException {
        trigger.submitResponse(
            AsyncResponseBuilder.create(200).setEntity(new byte[300_000], ContentType.APPLICATION_OCTET_STREAM).build(),
            context);
      }
    };
    var server =
        H2ServerBootstrap.bootstrap().setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2).register("*", handler).create();
    server.start();
    var address = (InetSocketAddress) server.listen(new InetSocketAddress("localhost", 0), URIScheme.HTTP).get().getAddress();
    System.out.println("one frame: " + received(address.getPort(), false) + " bytes");
    System.out.println("a second frame: " + received(address.getPort(), true) + " bytes");
    server.close(CloseMode.IMMEDIATE);
  }

  static int received(int port, boolean second) throws IOException {
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(3000);
      OutputStream out = socket.getOutputStream();
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.write(frame(4, 0, 0, 0, 4, 0, 0x10, 0, 0)); // INITIAL_WINDOW_SIZE: 1 MiB
      if (second) {
        out.write(frame(4, 0, 0, 0, 1, 0, 0, 0x10, 0)); // HEADER_TABLE_SIZE: 4096
      }
      out.write(frame(8, 0, 0, 0, 0x10, 0, 0)); // the window of the connection
      // GET, http, /, authority "localhost" by HPACK's static table
      out.write(frame(1, 5, 1, 0x82, 0x86, 0x84, 0x41, 9, 'l', 'o', 'c', 'a', 'l', 'h', 'o', 's', 't'));
      var in = new DataInputStream(socket.getInputStream());
      int data = 0;
      try {
        while (true) {
          int lengthAndType = in.readInt();
          int flags = in.readByte();
          in.readInt();
          in.readFully(new byte[lengthAndType >>> 8]);
          data += (lengthAndType & 0xff) == 0 ? lengthAndType >>> 8 : 0;
          if ((lengthAndType & 0xff) == 0 && (flags & 1) != 0) {
            return data;
          }
        }
      } catch (SocketTimeoutException stuck) {
        return data;
      }
    }
  }

  static byte[] frame(int type, int flags, int stream, int... payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream);
    for (int each : payload) {
      frame.put((byte) each);
    }
    return frame.array();
  }
}
JAVA
expect <<'TEXT'
one frame: 300000 bytes
a second frame: 65535 bytes
TEXT
