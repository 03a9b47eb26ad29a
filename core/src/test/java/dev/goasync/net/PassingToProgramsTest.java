package dev.goasync.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.Caller;
import dev.goasync.conformance.Differences;
import dev.goasync.file.AsyncFile;
import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import dev.goasync.testkit.LongRunning;
import dev.goasync.testkit.NoLeaks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Descriptors to and from a program that does not use this library. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
@LongRunning
final class PassingToProgramsTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /**
   * Reads the file, accepts at the listener and sends a greeting, and sends two descriptors of its
   * own.
   */
  private static final String PROGRAM =
      """
      import os, select, socket, sys
      us = socket.socket(socket.AF_UNIX)
      us.connect(sys.argv[1])
      data, fds, flags, address = socket.recv_fds(us, 100, 10)
      print(data.decode(), len(fds), flags)
      print(os.read(fds[0], 100).decode())
      listener = socket.socket(fileno=fds[1])
      select.select([listener], [], [])
      client, address = listener.accept()
      client.send(b'hello from python\\n')
      client.close()
      own = socket.create_server(('127.0.0.1', 0))
      ours, theirs = socket.socketpair()
      us.send(b'plain, ')
      socket.send_fds(us, [b'own'], [own.fileno(), theirs.fileno()])
      theirs.close()
      own.close()
      print(ours.recv(100).decode())
      ours.send(b'bye')
      """;

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  void passesDescriptorsToAndFromPython(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofDescriptors());
    assumeTrue(
        Command.of("sh", "-c", "python3 -c 'import socket; socket.send_fds'").run().isSuccess(),
        "python3 with socket.send_fds is not installed");
    Path path = dir.resolve("socket");
    caller.run(() -> {
      try (var meeting = AsyncUnixServerSocket.listen(path);
          var python = Command.of("python3", "-u", "-c", PROGRAM, path.toString()).start();
          var us = meeting.accept();
          var file = AsyncFile.open(Files.writeString(dir.resolve("file"), "content"));
          var listener = AsyncServerSocket.listen(LOOPBACK)) {
        us.sendDescriptors(ByteBuffer.wrap("for python".getBytes(UTF_8)), file, listener);
        assertThat(python.stdout().readLine()).isEqualTo("for python 2 0");
        assertThat(python.stdout().readLine()).isEqualTo("content");
        assertThat(file.position()).as("the shared position").isEqualTo(7);
        try (var client = AsyncSocket.connect(listener.localAddress())) {
          assertThat(client.readAll()).isEqualTo("hello from python\n");
        }
        useWhatIsPythons(us, python);
        assertThat(python.await()).isZero();
      }
    });
  }

  private static void useWhatIsPythons(AsyncUnixSocket us, AsyncProcess python) throws Exception {
    List<PassedDescriptor> passed = new ArrayList<>();
    ByteBuffer target = ByteBuffer.allocate(100);
    while (passed.isEmpty()) {
      us.receiveDescriptors(target, passed);
    }
    assertThat((Object) UTF_8.decode(target.flip())).hasToString("plain, own");
    try (var listener = passed.get(0).toServerSocket();
        var client = AsyncSocket.connect(listener.localAddress());
        var accepted = listener.accept();
        var socket = passed.get(1).toUnixSocket()) {
      accepted.writeAll("x\n");
      assertThat(client.readLine()).isEqualTo("x");
      socket.writeAll("to python's own socket");
      assertThat(python.stdout().readLine()).isEqualTo("to python's own socket");
      assertThat(socket.readAll()).isEqualTo("bye");
    }
  }
}
