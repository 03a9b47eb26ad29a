package dev.goasync.examples;

import dev.goasync.examples.files.Connection;
import dev.goasync.examples.files.Folder;
import dev.goasync.net.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * An HTTP/1.1 server for the files of a folder, with listings, ranges and conditional requests:
 * {@code http-files [--port PORT] [--patience SECONDS] [FOLDER]}.
 */
public final class HttpFiles {
  private static final int MAX_CONNECTIONS = 10_000;
  private static final int PATIENCE_SECONDS = 30;

  /** How long the program may go on after Ctrl-C. */
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(12);

  private HttpFiles() {}

  public static void main(String[] args) throws IOException {
    Options options = Options.parse("http-files [--port PORT] [--patience SECONDS] [FOLDER]", args);
    Folder folder = new Folder(Path.of(Objects.requireNonNullElse(options.operand(), ".")));
    Duration patience = Duration.ofSeconds(options.number("--patience", PATIENCE_SECONDS));
    // Connections that wait are cancelled at once on Ctrl-C; each shields a request under way.
    Server server =
        Server.with()
            .maxConnections(MAX_CONNECTIONS)
            .grace(Duration.ZERO)
            .stopAtExit(EXIT_LIMIT)
            .listen(options.port(), client -> new Connection(client, folder, patience).serve());
    System.out.println("listening on " + server.port());
  }
}
