#!/usr/bin/env bash
# junixsocket 2.11.1: AFUNIXServerSocket.bindOn(address) where something is at the path already.
# Guess: BindException "Address already in use", as bind(2) and the JDK's Unix domain channels give.
# Seen: a regular file at the path is deleted; a second server takes the path from a first one that still listens, without an error on either side.
. "$(dirname "$0")/lib.sh"
jars com.kohlschutter.junixsocket:junixsocket-common:2.11.1 com.kohlschutter.junixsocket:junixsocket-native-common:2.11.1
program --enable-native-access=ALL-UNNAMED <<'JAVA'
import java.io.IOException;
import java.net.*;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.*;
import org.newsclub.net.unix.*;

class Program {
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("finding");
    Path notes = Files.writeString(directory.resolve("notes"), "text");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(notes));
    } catch (IOException refused) {
      System.out.println("jdk on a file: " + refused.getClass().getSimpleName() + ", regular file " + Files.isRegularFile(notes));
    }
    AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(notes)).close();
    System.out.println("junixsocket on a file: bound, exists after close " + Files.exists(notes));

    var address = AFUNIXSocketAddress.of(directory.resolve("socket"));
    try (var first = AFUNIXServerSocket.bindOn(address); var second = AFUNIXServerSocket.bindOn(address)) {
      AFUNIXSocket.connectTo(address);
      second.accept();
      System.out.println("junixsocket on a live socket: the second server accepts");
    }
  }
}
JAVA
expect <<'TEXT'
jdk on a file: BindException, regular file true
junixsocket on a file: bound, exists after close false
junixsocket on a live socket: the second server accepts
TEXT
