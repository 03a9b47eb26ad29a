package dev.goasync.micrometer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.io.ByteStream;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Semaphore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A scrape over HTTP from a server of coroutines, on the loop that the meters describe. */
@Timeout(60)
final class PrometheusTest {
  // guide: begin
  /** Answers each request of a connection with the metrics, in the text format of Prometheus. */
  static void serveMetrics(ByteStream connection, PrometheusMeterRegistry registry)
      throws IOException {
    for (String request; (request = connection.readLine(1000)) != null; ) {
      while (!request.isEmpty()) {
        request = connection.readLine(10_000);
        if (request == null) {
          return;
        }
      }
      byte[] body = registry.scrape().getBytes(UTF_8);
      connection.writeAll(
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
              + "Content-Length: "
              + body.length
              + "\r\n\r\n");
      connection.writeAll(body);
    }
  }

  static Server startMetrics(PrometheusMeterRegistry registry) throws IOException {
    new LoopMetrics().bindTo(registry);
    new RuntimeMetrics().bindTo(registry);
    Server server = Server.listen(0, connection -> serveMetrics(connection, registry));
    new ServerMetrics("metrics", server).bindTo(registry);
    return server;
  }

  // guide: end

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void aScrapeHasTheValuesOfTheProgram() throws Exception {
    try (EventLoop loop = EventLoop.start("main");
        Server server = loop.goAsync(() -> startMetrics(registry)).await();
        AsyncProcess process = Command.of("cat").start()) {
      AsyncSocket idle = AsyncSocket.connect("127.0.0.1", server.port());
      assertThat(process.isAlive()).isTrue();
      Channel<String> orders = Channel.bounded(loop, 8);
      Semaphore permits = new Semaphore(loop, 1, 1);
      new ChannelMetrics("orders", orders).bindTo(registry);
      new WaitMetrics("permits", permits::statistics).bindTo(registry);
      orders.send("a");
      orders.send("b");
      orders.receive();
      Task<?> holder =
          loop.goAsync(() -> {
            permits.acquire();
            GoAsync.sleep(Duration.ofHours(1));
          });
      Task<?> waiter = loop.goAsync(() -> permits.acquire());
      loop.goAsync(() -> GoAsync.offload(() -> {})).await();

      Scrape first = Scrape.of(server.port());
      assertThat(first.value("goasync_loops")).isGreaterThanOrEqualTo(1);
      assertThat(first.value("goasync_loop_timers{loop=\"main\"}")).isEqualTo(1);
      // The coroutine that accepts, two connections, the holder and the waiter.
      assertThat(first.value("goasync_loop_coroutines{loop=\"main\"}")).isEqualTo(5);
      assertThat(first.value("goasync_loop_started_total{loop=\"main\"}")).isEqualTo(7);
      assertThat(first.value("goasync_loop_failed_total{loop=\"main\"}")).isZero();
      assertThat(first.value("goasync_loop_cancelled_total{loop=\"main\"}")).isZero();
      assertThat(first.value("goasync_loop_operations{loop=\"main\"}")).isPositive();
      assertThat(first.value("goasync_loop_turns_total{loop=\"main\"}")).isPositive();
      assertThat(first.value("goasync_loop_switches_total{loop=\"main\"}")).isPositive();
      assertThat(first.value("goasync_loop_cpu_seconds_total{loop=\"main\"}")).isPositive();
      assertThat(first.value("goasync_loop_lag_seconds{loop=\"main\"}")).isPositive();
      assertThat(first.value("goasync_server_connections{server=\"metrics\"}")).isEqualTo(2);
      assertThat(first.value("goasync_server_accepted_total{server=\"metrics\"}")).isEqualTo(2);
      assertThat(first.value("goasync_channel_buffered{channel=\"orders\"}")).isEqualTo(1);
      assertThat(first.value("goasync_channel_capacity{channel=\"orders\"}")).isEqualTo(8);
      assertThat(first.value("goasync_channel_sent_total{channel=\"orders\"}")).isEqualTo(2);
      assertThat(first.value("goasync_channel_received_total{channel=\"orders\"}")).isEqualTo(1);
      assertThat(first.value("goasync_sync_waiting{primitive=\"permits\"}")).isEqualTo(1);
      assertThat(first.value("goasync_pool_completed_total{pool=\"offload\"}")).isPositive();
      assertThat(first.value("goasync_processes_open")).isEqualTo(1);

      waiter.cancel();
      holder.cancel();
      idle.close();
      loop.goAsync(
              () -> {
                while (loop.statistics().coroutines() > 2) { // that which accepts, and this one
                  GoAsync.sleep(Duration.ofMillis(1));
                }
              })
          .await();
      Scrape second = Scrape.of(server.port());
      assertThat(second.value("goasync_loop_timers{loop=\"main\"}")).isZero();
      assertThat(second.value("goasync_loop_cancelled_total{loop=\"main\"}")).isEqualTo(2);
      assertThat(second.value("goasync_server_connections{server=\"metrics\"}")).isEqualTo(1);
      assertThat(second.value("goasync_server_accepted_total{server=\"metrics\"}")).isEqualTo(3);
    }
  }
}
