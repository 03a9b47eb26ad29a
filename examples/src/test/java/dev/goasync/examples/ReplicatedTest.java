package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The replicated store on the real network and disk: three nodes, each in a JVM of its own. */
@Tag("long") // ten JVMs: left to the matrix
final class ReplicatedTest {
  @TempDir Path dir;

  private static String freeAddresses(int count) throws Exception {
    List<ServerSocket> sockets = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0);
      sockets.add(socket);
      addresses.add("localhost:" + socket.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return String.join(",", addresses);
  }

  private RunningExample node(int number, String addresses) throws Exception {
    RunningExample node =
        RunningExample.start(
            Replicated.class,
            "node",
            "" + number,
            addresses,
            dir.resolve("node" + number).toString());
    node.awaitLine("node " + number + " of 3 runs");
    return node;
  }

  private static String client(int status, String... arguments) throws Exception {
    try (var client = RunningExample.start(Replicated.class, arguments)) {
      return client.awaitEnd(status).strip();
    }
  }

  @Test
  void aValueSurvivesTheEndOfANode() throws Exception {
    String addresses = freeAddresses(3);
    try (var _ = node(2, addresses);
        var _ = node(3, addresses)) {
      RunningExample first = node(1, addresses);
      try (first) {
        assertThat(client(0, "put", addresses, "city", "Ulm")).isEmpty();
      }
      first.awaitStatus();
      assertThat(client(0, "append", addresses, "city", " (Donau)")).isEqualTo("Ulm (Donau)");
      try (var _ = node(1, addresses)) {
        assertThat(client(0, "get", addresses, "city")).isEqualTo("Ulm (Donau)");
        assertThat(client(1, "get", addresses, "river"))
            .isEqualTo("replicated: there is no value of river");
      }
    }
  }

  @Test
  void wrongArgumentsAreRefused() throws Exception {
    assertThat(client(2)).startsWith("usage: replicated [node NUMBER ADDRESSES DIRECTORY]");
    assertThat(client(2, "get", "localhost", "key"))
        .startsWith("replicated: not an address such as localhost:7001: \"localhost\"");
    assertThat(client(2, "node", "2", "localhost:7001", dir.toString()))
        .startsWith("replicated: self must be from 1 to 1: 2");
    assertThat(client(1, "node", "1", "localhost:7001", "/proc/missing"))
        .isEqualTo("replicated: /proc/missing: no such file or directory");
  }
}
