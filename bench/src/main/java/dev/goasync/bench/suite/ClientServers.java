package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The servers of Debian's packages that the clients of suite bridge use, on loopback, with a new
 * directory. They end when this object is closed.
 */
final class ClientServers implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql");

  /** PostgreSQL refuses to run as root. */
  private static final List<String> AS_POSTGRES =
      List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups");

  /** A kind of server. */
  enum Kind {
    POSTGRESQL(Tool.POSTGRESQL),
    REDIS(Tool.REDIS),
    NGINX(Tool.NGINX),
    RABBITMQ(Tool.RABBITMQ);

    private final Tool tool;

    Kind(Tool tool) {
      this.tool = tool;
    }

    Optional<String> missing() {
      return tool.missing();
    }
  }

  private final Workplace place;
  private final Path directory;
  private final Deque<Program> running = new ArrayDeque<>();

  ClientServers(Workplace place) throws IOException {
    this.place = place;
    this.directory = Files.createTempDirectory("goasync-bench");
  }

  /** Starts a server and returns its port. */
  int start(Kind kind) throws IOException, InterruptedException {
    int port = Ports.free();
    switch (kind) {
      case POSTGRESQL -> startPostgres(port);
      case REDIS -> {
        List<String> settings = List.of("--save", "", "--appendonly", "no", "--bind", LOOPBACK);
        await(port, with(List.of("redis-server", "--port", "" + port), settings));
      }
      case NGINX -> startNginx(port);
      case RABBITMQ -> startRabbit(port);
    }
    return port;
  }

  private void await(int port, List<String> command) throws IOException, InterruptedException {
    Program server = Program.startSayingAll(command);
    running.push(server);
    Ports.await(server, port, TIMEOUT);
  }

  private static List<String> with(List<String> command, List<String> more) {
    return Stream.concat(command.stream(), more.stream()).toList();
  }

  private void startNginx(int port) throws IOException, InterruptedException {
    Path settings = directory.resolve("nginx.conf");
    Files.writeString(
        settings,
        Files.readString(place.peerSource("nginx/hello.conf"))
            .replace("@PORT@", "" + port)
            .replace("@DIRECTORY@", directory.toString()));
    await(port, List.of("nginx", "-c", settings.toString()));
  }

  private void startPostgres(int port) throws IOException, InterruptedException {
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    List<String> prefix = isRoot ? AS_POSTGRES : List.of();
    if (isRoot) {
      var _ = Program.run(List.of("chown", "postgres", directory.toString()));
    }
    String programs = postgresPrograms().toString();
    String data = directory.resolve("postgresql").toString();
    List<String> create =
        List.of("-D", data, "--username=postgres", "--auth=trust", "--no-sync", "--locale=C");
    var _ = Program.run(with(prefix, with(List.of(programs + "/initdb"), create)));
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(programs + "/postgres", "-D", data, "-p", "" + port));
    for (String setting :
        List.of(
            "listen_addresses=" + LOOPBACK,
            "unix_socket_directories=",
            "max_connections=130",
            "fsync=off")) {
      command.addAll(List.of("-c", setting));
    }
    Program server = Program.startSayingAll(command);
    running.push(server);
    // It accepts connections before, but refuses their users.
    var _ = server.awaitLine("ready to accept connections");
  }

  /** Returns the directory of the newest version's programs. */
  private static Path postgresPrograms() throws IOException {
    try (Stream<Path> versions = Files.list(POSTGRES)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.comparing(Path::toString))
          .orElseThrow(() -> new IOException("no program initdb beneath " + POSTGRES));
    }
  }

  /** A node with a name service of its own. The program on PATH would change the user. */
  private void startRabbit(int port) throws IOException, InterruptedException {
    String names = "" + Ports.free();
    running.push(Program.startSayingAll(List.of("epmd", "-address", LOOPBACK, "-port", names)));
    Path plugins = Files.writeString(directory.resolve("enabled_plugins"), "[].\n");
    await(
        port,
        List.of(
            "env",
            "HOME=" + directory,
            "ERL_EPMD_PORT=" + names,
            "ERL_EPMD_ADDRESS=" + LOOPBACK,
            "RABBITMQ_NODENAME=bench@localhost",
            "RABBITMQ_DIST_PORT=" + Ports.free(),
            "RABBITMQ_NODE_IP_ADDRESS=" + LOOPBACK,
            "RABBITMQ_NODE_PORT=" + port,
            "RABBITMQ_MNESIA_BASE=" + directory,
            "RABBITMQ_LOGS=" + directory.resolve("log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE=" + plugins,
            "RABBITMQ_CONFIG_FILE=" + directory.resolve("none"),
            "/usr/lib/rabbitmq/bin/rabbitmq-server"));
  }

  @Override
  public void close() throws IOException {
    running.forEach(Program::close);
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
