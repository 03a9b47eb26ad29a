package dev.goasync.examples;

import dev.goasync.examples.files.Connection;
import dev.goasync.examples.files.ServedDirectory;
import dev.goasync.net.Server;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * An HTTP/1.1 server for the files of a directory, with listings, ranges and conditional requests.
 * Usage: {@code http-files [--port PORT] [--timeout SECONDS] [DIRECTORY]}
 */
public final class HttpFiles {
  private static final int MAX_CONNECTIONS = 10_000;
  private static final int TIMEOUT_SECONDS = 30;

  /** The maximum time from Ctrl-C to the end of the program. */
  private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(12);

  private HttpFiles() {}

  public static void main(String[] args) {
    Cli.run(
        "http-files [--bind ADDRESS] [--port PORT] [--timeout SECONDS] [DIRECTORY]",
        args,
        HttpFiles::listen);
  }

  private static void listen(Options options) throws IOException {
    Path path = Path.of(Objects.requireNonNullElse(options.operand(), "."));
    ServedDirectory directory = new ServedDirectory(path);
    if (!Files.isExecutable(path)) { // each request would be refused
      throw new AccessDeniedException(path.toString());
    }
    Duration timeout = Duration.ofSeconds(options.number("--timeout", TIMEOUT_SECONDS));
    // Ctrl-C cancels idle connections at once; a connection shields a request in progress.
    Server server =
        Server.with()
            .maxConnections(MAX_CONNECTIONS)
            .grace(Duration.ZERO)
            .stopAtExit(EXIT_TIMEOUT)
            .listen(
                options.address(), client -> new Connection(client, directory, timeout).serve());
    System.out.println("listening on " + server.port());
  }
}
