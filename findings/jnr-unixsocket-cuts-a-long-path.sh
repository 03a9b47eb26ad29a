#!/usr/bin/env bash
# jnr-unixsocket 0.38.23: a server whose path has 108 bytes, one more than the kernel takes with the byte that ends it.
# Guess: an exception, as for 109 bytes and as the JDK's channel throws.
# Seen: the server listens at the path without its last character, and nothing is at the path that was asked for.
. "$(dirname "$0")/lib.sh"
jars com.github.jnr:jnr-unixsocket:0.38.23
program --enable-native-access=ALL-UNNAMED <<'JAVA'
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;

class Program {
  interface Binding {
    void bind(Path path) throws IOException;
  }

  static void bind(String name, int length, Binding binding) throws Exception {
    Path directory = Files.createTempDirectory("f");
    Path path = directory.resolve("s".repeat(length - directory.toString().length() - 1));
    String result = "bound";
    try {
      binding.bind(path);
    } catch (IOException refused) {
      result = refused.getClass().getSimpleName();
    }
    System.out.print(name + ", " + length + " bytes: " + result);
    try (var all = Files.list(directory)) {
      for (Path each : all.toList()) {
        System.out.print(", at a path of " + each.toString().length());
        Files.delete(each);
      }
    }
    System.out.println();
    Files.delete(directory);
  }

  public static void main(String[] args) throws Exception {
    Binding jdk =
        path -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
    Binding jnr =
        path -> UnixServerSocketChannel.open().socket().bind(new UnixSocketAddress(path.toFile()));
    bind("JDK", 106, jdk);
    bind("JDK", 108, jdk);
    bind("jnr", 107, jnr);
    bind("jnr", 108, jnr);
    bind("jnr", 109, jnr);
    System.exit(0);
  }
}
JAVA
expect <<'TEXT'
JDK, 106 bytes: bound, at a path of 106
JDK, 108 bytes: SocketException
jnr, 107 bytes: bound, at a path of 107
jnr, 108 bytes: bound, at a path of 107
jnr, 109 bytes: IOException
TEXT
