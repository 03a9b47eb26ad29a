package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.Task;
import dev.goasync.examples.redis.Keyspace;
import dev.goasync.examples.redis.Session;
import dev.goasync.net.Server;
import java.io.IOException;
import java.time.Duration;

/**
 * A small Redis server: strings that can expire, and pipelining. Works with redis-cli,
 * redis-benchmark and client libraries. Usage: {@code redis-mini [--port PORT]}
 */
public final class RedisMini {
  private static final int MAX_CLIENTS = 10_000;

  /** The maximum time from Ctrl-C to the end of the program. */
  private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(12);

  private RedisMini() {}

  public static void main(String[] args) {
    Cli.run("redis-mini [--bind ADDRESS] [--port PORT]", args, RedisMini::listen);
  }

  private static void listen(Options options) throws IOException {
    Keyspace keys = new Keyspace(Runtime.getRuntime().maxMemory() / 4);
    Task<?> sweeper = goAsync("sweeper", keys::sweep);
    // Ctrl-C cancels idle sessions at once; a session shields the replies that it is sending.
    Server server =
        Server.with()
            .maxConnections(MAX_CLIENTS)
            .grace(Duration.ZERO)
            .stopAtExit(EXIT_TIMEOUT)
            .listen(options.address(), client -> new Session(client, keys).run());
    System.out.println("listening on " + server.port());
    server.await();
    sweeper.cancel();
  }
}
