package dev.goasync.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.interop.database.MemoryMongo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts servers of other projects, each at its first use in a JVM, on loopback, with a directory
 * of its own. They end with the JVM. A server that is not installed makes the test a skip that
 * names Debian's package.
 */
public final class Servers {
  private static final String LOOPBACK = "127.0.0.1";

  /** The running servers by name. */
  private static final Map<String, ServerProcess> RUNNING = new HashMap<>();

  @FunctionalInterface
  private interface Start {
    ServerProcess in(Path directory) throws Exception;
  }

  private Servers() {}

  private static synchronized ServerProcess running(String name, Start start) throws Exception {
    ServerProcess existing = RUNNING.get(name);
    if (existing != null) {
      return existing;
    }
    Path directory = Files.createTempDirectory("goasync-" + name);
    try {
      ServerProcess server = start.in(directory);
      RUNNING.put(name, server);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, directory)));
      return server;
    } finally {
      if (!RUNNING.containsKey(name)) {
        Programs.delete(directory);
      }
    }
  }

  private static void end(ServerProcess server, Path directory) {
    try {
      server.close();
      Programs.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the URL of a PostgreSQL database: user postgres without password. */
  public static String postgres() throws Exception {
    Postgres.require();
    return "jdbc:postgresql://127.0.0.1:"
        + running("postgres", Postgres::start).port()
        + "/postgres";
  }

  /** Returns the port of a MariaDB server without accounts and without a system database. */
  public static int mariaDb() throws Exception {
    String program = Programs.require("mariadbd", "mariadb-server");
    return running(
            "mariadb",
            directory -> {
              Path data = Files.createDirectory(directory.resolve("data"));
              return ServerProcess.start(
                  Map.of(),
                  port ->
                      List.of(
                          program,
                          "--no-defaults",
                          "--user=" + System.getProperty("user.name"),
                          "--datadir=" + data,
                          "--skip-grant-tables",
                          "--bind-address=" + LOOPBACK,
                          "--port=" + port,
                          "--socket=" + directory.resolve("socket"),
                          "--skip-name-resolve",
                          "--innodb-flush-log-at-trx-commit=0",
                          "--innodb-buffer-pool-size=16M"),
                  "ready for connections");
            })
        .port();
  }

  /** Returns the port of a RabbitMQ node: user guest. */
  public static int rabbitMq() throws Exception {
    Programs.require("rabbitmq-server", "rabbitmq-server");
    String program = "/usr/lib/rabbitmq/bin/rabbitmq-server"; // the one on PATH changes the user
    String portMapper = Programs.require("epmd", "rabbitmq-server");
    ServerProcess mapper =
        running(
            "epmd",
            _ ->
                ServerProcess.start(
                    Map.of(),
                    port -> List.of(portMapper, "-address", LOOPBACK, "-port", "" + port),
                    ""));
    return running(
            "rabbitmq",
            directory -> {
              Path plugins = Files.writeString(directory.resolve("enabled_plugins"), "[].\n");
              return ServerProcess.start(
                  Map.ofEntries(
                      Map.entry("HOME", directory.toString()),
                      Map.entry("ERL_EPMD_PORT", "" + mapper.port()),
                      Map.entry("ERL_EPMD_ADDRESS", LOOPBACK),
                      Map.entry("RABBITMQ_NODENAME", "goasync@localhost"),
                      Map.entry("RABBITMQ_DIST_PORT", "" + ServerProcess.freePort()),
                      Map.entry("RABBITMQ_MNESIA_BASE", directory.toString()),
                      Map.entry("RABBITMQ_LOGS", "-"),
                      Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString()),
                      Map.entry("RABBITMQ_CONFIG_FILE", directory.resolve("none").toString())),
                  port ->
                      List.of(
                          "env",
                          "RABBITMQ_NODE_IP_ADDRESS=" + LOOPBACK,
                          "RABBITMQ_NODE_PORT=" + port,
                          program),
                  "Server startup complete");
            })
        .port();
  }

  /** Returns the port of an H2 server, in a JVM of its own, that creates databases on demand. */
  public static int h2() throws Exception {
    return running(
            "h2",
            directory ->
                ServerProcess.start(
                    Map.of(),
                    port ->
                        java(
                            "org.h2.tools.Server",
                            "-tcp",
                            "-tcpPort",
                            "" + port,
                            "-ifNotExists",
                            "-baseDir",
                            directory.toString()),
                    "TCP server running"))
        .port();
  }

  /** Returns the port of a MongoDB server in memory, in a JVM of its own. */
  public static int mongo() throws Exception {
    return running(
            "mongo",
            _ ->
                ServerProcess.start(
                    Map.of(), port -> java(MemoryMongo.class.getName(), "" + port), ""))
        .port();
  }

  /** Returns the command that runs a server of the class path in a small JVM. */
  private static List<String> java(String mainClass, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Returns the port of a Kafka broker, in a JVM of its own, that creates topics on demand. */
  public static int kafka() throws Exception {
    return running(
            "kafka",
            directory -> {
              Path logs = Files.createDirectory(directory.resolve("logs"));
              write(
                  logs.resolve("meta.properties"),
                  """
                  version=1
                  cluster.id=bG9vcGJhY2stY2x1c3Rlcg
                  node.id=1
                  directory.id=bG9vcGJhY2stZGlyZWN0bw
                  """);
              return ServerProcess.start(
                  Map.of(),
                  port ->
                      java(
                          "kafka.Kafka",
                          write(directory.resolve("settings"), kafkaSettings(port, logs))),
                  "");
            })
        .port();
  }

  private static String kafkaSettings(int port, Path logs) {
    int controller;
    try {
      controller = ServerProcess.freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return """
    process.roles=broker,controller
    node.id=1
    controller.quorum.voters=1@127.0.0.1:%1$d
    controller.listener.names=CONTROLLER
    listeners=PLAINTEXT://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%1$d
    advertised.listeners=PLAINTEXT://127.0.0.1:%2$d
    listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
    inter.broker.listener.name=PLAINTEXT
    log.dirs=%3$s
    auto.create.topics.enable=true
    offsets.topic.replication.factor=1
    """
        .formatted(controller, port, logs);
  }

  /** Returns the port of a NATS server. */
  public static int nats() throws Exception {
    String program = Programs.require("nats-server", "nats-server");
    return running(
            "nats",
            _ ->
                ServerProcess.start(
                    Map.of(),
                    port -> List.of(program, "-a", LOOPBACK, "-p", "" + port),
                    "Server is ready"))
        .port();
  }

  /** Returns the port of an MQTT broker without accounts. */
  public static int mosquitto() throws Exception {
    String program = Programs.require("mosquitto", "mosquitto");
    return running(
            "mosquitto",
            directory ->
                ServerProcess.start(
                    Map.of(),
                    port -> {
                      String settings =
                          "listener " + port + " " + LOOPBACK + "\nallow_anonymous true\n";
                      return List.of(
                          program, "-v", "-c", write(directory.resolve("settings"), settings));
                    },
                    " running"))
        .port();
  }

  /** Returns the port of a Redis server. */
  public static int redis() throws Exception {
    String program = Programs.require("redis-server", "redis-server");
    return running(
            "redis",
            directory ->
                ServerProcess.start(
                    Map.of(),
                    port ->
                        List.of(
                            program,
                            "--port",
                            "" + port,
                            "--bind",
                            LOOPBACK,
                            "--save",
                            "",
                            "--dir",
                            directory.toString()),
                    "Ready to accept connections"))
        .port();
  }

  /** Returns the port of an FTP server: user anonymous, writable directory {@code shared}. */
  public static int ftp() throws Exception {
    String program = Programs.require("vsftpd", "vsftpd");
    assumeTrue(Programs.isRoot(), "vsftpd can be started by root only");
    return running(
            "vsftpd",
            directory -> {
              Programs.run(List.of("chmod", "755", directory.toString()));
              Path jail = Files.createDirectory(directory.resolve("jail"));
              Path root = Files.createDirectory(directory.resolve("root"));
              Path shared = Files.createDirectory(root.resolve("shared"));
              Programs.run(List.of("chmod", "777", shared.toString()));
              return ServerProcess.start(
                  Map.of(),
                  port ->
                      List.of(
                          program,
                          write(
                              directory.resolve("settings"),
                              """
                              listen=YES
                              listen_address=127.0.0.1
                              listen_port=%d
                              background=NO
                              seccomp_sandbox=NO
                              anonymous_enable=YES
                              no_anon_password=YES
                              write_enable=YES
                              anon_upload_enable=YES
                              anon_other_write_enable=YES
                              anon_umask=022
                              connect_from_port_20=NO
                              anon_root=%s
                              secure_chroot_dir=%s
                              """
                                  .formatted(port, root, jail))),
                  "");
            })
        .port();
  }

  /** The SSH server's port, and the private key of the user that runs the tests. */
  public record Ssh(int port, Path key) {}

  private static Path sshKey = Path.of("");

  /** Starts an SSH server for the user that runs the tests. */
  public static synchronized Ssh ssh() throws Exception {
    String program = Programs.require("sshd", "openssh-server");
    String keys = Programs.require("ssh-keygen", "openssh-client");
    ServerProcess server =
        running(
            "sshd",
            directory -> {
              for (String name : List.of("host", "user")) {
                String file = directory.resolve(name).toString();
                Programs.run(List.of(keys, "-q", "-t", "ed25519", "-N", "", "-f", file));
              }
              sshKey = directory.resolve("user");
              if (Programs.isRoot()) {
                Files.createDirectories(Path.of("/run/sshd")); // the server's fixed working place
              }
              // SHLVL keeps bash from reading .bashrc for each command, which may take seconds.
              return ServerProcess.start(
                  Map.of(),
                  port ->
                      List.of(
                          program,
                          "-D",
                          "-e",
                          "-f",
                          write(
                              directory.resolve("settings"),
                              """
                              ListenAddress 127.0.0.1
                              Port %d
                              HostKey %s
                              AuthorizedKeysFile %s
                              PidFile none
                              StrictModes no
                              UsePAM no
                              MaxSessions 200
                              MaxStartups 200
                              SetEnv SHLVL=2
                              Subsystem sftp internal-sftp
                              """
                                  .formatted(
                                      port,
                                      directory.resolve("host"),
                                      directory.resolve("user.pub")))),
                  "Server listening on");
            });
    return new Ssh(server.port(), sshKey);
  }

  private static String write(Path file, String text) {
    try {
      return Files.writeString(file, text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
