package dev.goasync.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts a PostgreSQL server with a new, empty cluster. */
final class Postgres {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  /** The server refuses to run as root. */
  private static final String UNPRIVILEGED = "postgres";

  private Postgres() {}

  /** Skips the test if PostgreSQL is not installed. */
  static void require() throws IOException {
    assumeTrue(programs() != null, "PostgreSQL is not installed; apt install postgresql");
  }

  /** Starts a server that keeps its data in {@code directory}. */
  static ServerProcess start(Path directory) throws IOException, InterruptedException {
    if (Programs.isRoot()) {
      Programs.run(List.of("chown", UNPRIVILEGED, directory.toString()));
    }
    Path programs = programs();
    String data = directory.resolve("data").toString();
    Programs.run(
        Programs.as(
            UNPRIVILEGED,
            programs + "/initdb",
            "--pgdata=" + data,
            "--username=postgres",
            "--auth=trust",
            "--no-sync",
            "--locale=C",
            "--encoding=UTF8"));
    return ServerProcess.start(
        port ->
            Programs.as(
                UNPRIVILEGED,
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
}
