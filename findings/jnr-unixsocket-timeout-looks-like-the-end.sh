#!/usr/bin/env bash
# jnr-unixsocket 0.38.23: a read that reaches the socket's timeout, and a read into an empty buffer, on a live connection.
# Guess: a SocketTimeoutException and 0, as of the JDK's sockets and channels.
# Seen: both return -1, as if the peer had closed; the connection goes on.
. "$(dirname "$0")/lib.sh"
jars com.github.jnr:jnr-unixsocket:0.38.23
program --enable-native-access=ALL-UNNAMED <<'JAVA'
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;

class Program {
  static Object timedRead(Socket socket) throws Exception {
    socket.setSoTimeout(200);
    try {
      return socket.getInputStream().read();
    } catch (SocketTimeoutException timeout) {
      return timeout.getClass().getSimpleName();
    }
  }

  public static void main(String[] args) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort());
        var peer = server.accept()) {
      System.out.println("JDK, timeout: " + timedRead(client));
    }
    Path path = Files.createTempDirectory("f").resolve("s");
    var address = new UnixSocketAddress(path.toFile());
    var server = UnixServerSocketChannel.open();
    server.socket().bind(address);
    var client = UnixSocketChannel.open(address);
    var peer = server.accept();
    System.out.println("jnr, timeout: " + timedRead(client.socket()));
    peer.write(ByteBuffer.wrap("more".getBytes()));
    System.out.println("jnr, empty buffer: " + client.read(ByteBuffer.allocate(0)));
    System.out.println("jnr, after both: " + client.read(ByteBuffer.allocate(10)) + " bytes");
    Files.delete(path);
    Files.delete(path.getParent());
    System.exit(0);
  }
}
JAVA
expect <<'TEXT'
JDK, timeout: SocketTimeoutException
jnr, timeout: -1
jnr, empty buffer: -1
jnr, after both: 4 bytes
TEXT
