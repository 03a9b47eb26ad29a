#!/usr/bin/env bash
# junixsocket 2.11.1: AFUNIXSocket.close() while another thread waits in a read of its InputStream.
# Guess: the read throws a SocketException, as java.net.Socket documents.
# Seen: the read returns -1, so a reader that was cut off takes what it has for the whole stream.
. "$(dirname "$0")/lib.sh"
jars com.kohlschutter.junixsocket:junixsocket-common:2.11.1 com.kohlschutter.junixsocket:junixsocket-native-common:2.11.1
program --enable-native-access=ALL-UNNAMED <<'JAVA'
import java.io.IOException;
import java.net.*;
import java.nio.file.Files;
import org.newsclub.net.unix.*;

class Program {
  public static void main(String[] args) throws Exception {
    var address = AFUNIXSocketAddress.of(Files.createTempDirectory("finding").resolve("socket"));
    try (var server = AFUNIXServerSocket.bindOn(address)) {
      Socket client = AFUNIXSocket.connectTo(address);
      server.accept();
      show("junixsocket", client);
    }
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
      server.accept();
      show("java.net.Socket", client);
    }
  }

  static void show(String name, Socket socket) throws Exception {
    Thread reader = Thread.ofPlatform().start(() -> {
      try {
        System.out.println(name + ": read returned " + socket.getInputStream().read());
      } catch (IOException closed) {
        System.out.println(name + ": read threw " + closed.getClass().getSimpleName());
      }
    });
    while (!inNativeRead(reader)) {
      Thread.sleep(10);
    }
    Thread.sleep(200);
    socket.close();
    reader.join();
  }

  static boolean inNativeRead(Thread reader) {
    StackTraceElement[] stack = reader.getStackTrace();
    return stack.length > 0 && stack[0].isNativeMethod();
  }
}
JAVA
expect <<'TEXT'
junixsocket: read returned -1
java.net.Socket: read threw SocketException
TEXT
