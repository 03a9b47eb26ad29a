package dev.goasync.micrometer;

import dev.goasync.net.Server;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;

/**
 * Meters of a server: its open connections and those that it has accepted so far.
 *
 * <pre>{@code
 * new ServerMetrics("api", server).bindTo(registry);
 * }</pre>
 */
public final class ServerMetrics implements MeterBinder {
  private final Server server;
  private final Tags tags;

  /**
   * Meters of {@code server}.
   *
   * @param name the value of the tag {@code server}
   */
  public ServerMetrics(String name, Server server) {
    this.server = Objects.requireNonNull(server, "server");
    this.tags = Tags.of("server", Objects.requireNonNull(name, "name"));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("goasync.server.connections", server, Server::connections)
        .strongReference(true)
        .description("Open connections")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("goasync.server.accepted", server, Server::accepted)
        .description("Connections that were accepted")
        .tags(tags)
        .register(registry);
  }
}
