package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * nginx or HAProxy, with a configuration of the repository. Neither lets the kernel choose its
 * port.
 */
final class NativeServer implements AutoCloseable {
  private static final int READY_ATTEMPTS = 500;
  private static final int MILLIS_BETWEEN = 10;

  private final Program program;
  private final int port;

  private NativeServer(Program program, int port) {
    this.program = program;
    this.port = port;
  }

  /** Starts nginx with a file of {@code peers/nginx}. */
  static NativeServer nginx(Workplace place, String source, Map<String, String> words)
      throws IOException, InterruptedException {
    return start(place, "nginx/" + source, words, List.of("nginx", "-c"));
  }

  /** Starts HAProxy with a file of {@code peers/haproxy}. */
  static NativeServer haproxy(Workplace place, String source, Map<String, String> words)
      throws IOException, InterruptedException {
    return start(place, "haproxy/" + source, words, List.of("haproxy", "-q", "-db", "-f"));
  }

  /** Replaces the words of the configuration, which are between {@code @}, and starts. */
  private static NativeServer start(
      Workplace place, String source, Map<String, String> words, List<String> command)
      throws IOException, InterruptedException {
    int port = freePort();
    Path builds = place.builds().toAbsolutePath();
    String text =
        Files.readString(place.peerSource(source))
            .replace("@PORT@", String.valueOf(port))
            .replace("@DIRECTORY@", builds.toString());
    for (Map.Entry<String, String> word : words.entrySet()) {
      text = text.replace("@" + word.getKey() + "@", word.getValue());
    }
    Path config = builds.resolve(source.replace('/', '-'));
    Files.writeString(config, text);
    List<String> all = new ArrayList<>(command);
    all.add(config.toString());
    NativeServer server = new NativeServer(Program.start(all), port);
    server.awaitPort();
    return server;
  }

  private void awaitPort() throws IOException, InterruptedException {
    for (int i = 0; i < READY_ATTEMPTS; i++) {
      program.checkRuns();
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException notYet) {
        Thread.sleep(MILLIS_BETWEEN);
      }
    }
    throw new IOException("nothing listens on port " + port);
  }

  Program program() {
    return program;
  }

  int port() {
    return port;
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
