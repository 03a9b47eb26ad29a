package dev.goasync.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EchoServerTest {
  @Test
  void sendsBackTheBytesItReceives() throws Exception {
    byte[] sent = new byte[3_000_000];
    new Random(42).nextBytes(sent);
    try (var server = RunningExample.start(EchoServer.class);
        var socket = new Socket("localhost", server.awaitPort())) {
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  socket.getOutputStream().write(sent);
                  socket.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(sent);
      writer.join();
    }
  }

  @Test
  void continuesAfterAConnectionReset() throws Exception {
    try (var server = RunningExample.start(EchoServer.class)) {
      int port = server.awaitPort();
      try (var resetting = new Socket("localhost", port)) {
        resetting.getOutputStream().write("x".getBytes(UTF_8));
        resetting.setSoLinger(true, 0);
      }
      try (var second = new Socket("localhost", port)) {
        second.getOutputStream().write("second client".getBytes(UTF_8));
        second.shutdownOutput();
        assertThat(second.getInputStream().readAllBytes())
            .isEqualTo("second client".getBytes(UTF_8));
      }
    }
  }

  @Test
  void reportsThatThePortIsInUse() throws Exception {
    try (var taken = new ServerSocket(0);
        var server =
            RunningExample.start(
                EchoServer.class, "--port", Integer.toString(taken.getLocalPort()))) {
      assertThat(server.awaitEnd(1))
          .contains("echo-server: cannot listen: Address already in use")
          .contains(":" + taken.getLocalPort());
    }
  }

  @Test
  void printsItsUsageForWrongArguments() throws Exception {
    for (String[] wrong : new String[][] {{"--port"}, {"--port", "70000"}, {"--prot", "1"}}) {
      try (var server = RunningExample.start(EchoServer.class, wrong)) {
        assertThat(server.awaitEnd(2))
            .contains("usage: echo-server [--bind ADDRESS] [--port PORT]");
      }
    }
  }

  @Test
  void endsOnCtrlC() throws Exception {
    try (var server = RunningExample.start(EchoServer.class)) {
      server.awaitPort();
      assertThat(server.interrupt()).isEqualTo(130);
    }
  }
}
