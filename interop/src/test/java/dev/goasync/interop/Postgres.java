package dev.goasync.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.bridge.LoopSocketFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server with a new, empty cluster for the tests of a class. */
final class Postgres implements AutoCloseable {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  /** The server refuses to run as root. */
  private static final String UNPRIVILEGED = "postgres";

  private final Path directory;
  private final ServerProcess server;

  private Postgres(Path directory, ServerProcess server) {
    this.directory = directory;
    this.server = server;
  }

  /** Starts a server; skips the tests if PostgreSQL is not installed. */
  static Postgres start() throws IOException, InterruptedException {
    Path programs = programs();
    assumeTrue(programs != null, "PostgreSQL is not installed; apt install postgresql");
    Path directory = Files.createTempDirectory("goasync-postgres");
    boolean started = false;
    try {
      if (isRoot()) {
        run(List.of("chown", UNPRIVILEGED, directory.toString()));
      }
      String data = directory.resolve("data").toString();
      run(
          unprivileged(
              programs + "/initdb",
              "--pgdata=" + data,
              "--username=postgres",
              "--auth=trust",
              "--no-sync",
              "--locale=C",
              "--encoding=UTF8"));
      ServerProcess server =
          ServerProcess.start(
              port ->
                  unprivileged(
                      programs + "/postgres",
                      "-D",
                      data,
                      "-p",
                      Integer.toString(port),
                      "-c",
                      "listen_addresses=127.0.0.1",
                      "-c",
                      "unix_socket_directories=",
                      "-c",
                      "max_connections=130",
                      "-c",
                      "shared_buffers=16MB",
                      "-c",
                      "fsync=off"),
              "database system is ready to accept connections");
      started = true;
      return new Postgres(directory, server);
    } finally {
      if (!started) {
        delete(directory);
      }
    }
  }

  /** Returns the directory of the newest version's programs, or null. */
  private static @Nullable Path programs() throws IOException {
    if (!Files.isDirectory(DEBIAN)) {
      return null;
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
          .max(Comparator.comparingInt(Postgres::version))
          .orElse(null);
    }
  }

  private static int version(Path bin) {
    String name = bin.getName(bin.getNameCount() - 2).toString();
    return name.matches("\\d{1,4}") ? Integer.parseInt(name) : 0;
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static List<String> unprivileged(String... command) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(List.of("setpriv", "--reuid=" + UNPRIVILEGED));
      all.addAll(List.of("--regid=" + UNPRIVILEGED, "--clear-groups"));
    }
    all.addAll(List.of(command));
    return all;
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + printed);
    }
  }

  /** Connects through {@link LoopSocketFactory}. */
  Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("socketFactory", LoopSocketFactory.class.getName());
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", properties);
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
