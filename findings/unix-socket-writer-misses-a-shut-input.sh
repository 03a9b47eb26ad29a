#!/usr/bin/env bash
# Linux 6.18, JDK 25: a Unix stream socket whose buffer is full, and whose peer shuts its input down without closing.
# Guess: a selector that waits for OP_WRITE is woken, as a blocking write is, which ends with "Broken pipe".
# Seen: the blocking write ends at once. The selector selects nothing, though a write would not block any more: the kernel reports a
# shut output to poll and epoll only together with a shut input. The next non-blocking write throws "Broken pipe".
. "$(dirname "$0")/lib.sh"
mkdir "$work/lib"
program <<'JAVA'
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;

class Program {
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("socket");
    var address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      try (var writer = SocketChannel.open(address); var peer = server.accept(); var selector = Selector.open()) {
        writer.configureBlocking(false);
        while (writer.write(ByteBuffer.allocate(4096)) > 0) {}
        writer.register(selector, SelectionKey.OP_WRITE);
        peer.shutdownInput();
        System.out.println("selected: " + selector.select(2000));
        System.out.println("non-blocking write: " + write(writer));
      }
      try (var writer = SocketChannel.open(address); var peer = server.accept()) {
        writer.configureBlocking(false);
        while (writer.write(ByteBuffer.allocate(4096)) > 0) {}
        writer.configureBlocking(true);
        var blocked = new Thread(() -> System.out.println("blocking write: " + write(writer)));
        blocked.start();
        while (!blocked.getState().equals(Thread.State.RUNNABLE)) {
          Thread.onSpinWait();
        }
        Thread.sleep(200);
        peer.shutdownInput();
        blocked.join();
      }
    } finally {
      Files.deleteIfExists(directory.resolve("s"));
      Files.delete(directory);
    }
  }

  static String write(SocketChannel channel) {
    try {
      return channel.write(ByteBuffer.allocate(4096)) + " bytes";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
JAVA
expect <<'TEXT'
selected: 0
non-blocking write: Broken pipe
blocking write: Broken pipe
TEXT
