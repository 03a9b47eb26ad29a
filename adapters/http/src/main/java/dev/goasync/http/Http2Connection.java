package dev.goasync.http;

import dev.goasync.CancelScope;
import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.nio.AsyncServerExchangeHandler;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.frame.DefaultFrameFactory;
import org.apache.hc.core5.http2.impl.nio.ServerH2IOEventHandler;
import org.apache.hc.core5.http2.impl.nio.ServerH2StreamMultiplexer;
import org.jspecify.annotations.Nullable;

/**
 * Serves an HTTP/2 connection: a coroutine for each stream, beside those of the {@link Http2Pump}.
 * Owned by the loop.
 */
final class Http2Connection implements ServedConnection {
  private static final HttpProcessor NO_PROCESSOR = HttpProcessorBuilder.create().build();

  private final ByteStream stream;
  private final Settings settings;
  private final RouteTable routes;
  private final @Nullable SocketAddress remote;
  private final EventLoop loop = EventLoop.currentOrDefault();
  private final Http2Watch watch;
  private final Http2Pump pump;
  private final ServerH2StreamMultiplexer multiplexer;
  private @Nullable TaskScope scope;
  private @Nullable CancelScope everything;
  private int running;

  Http2Connection(
      ByteStream stream, Settings settings, RouteTable routes, @Nullable SocketAddress remote) {
    this.stream = stream;
    this.settings = settings;
    this.routes = routes;
    this.remote = remote;
    this.watch = new Http2Watch(loop, settings, this);
    this.pump = new Http2Pump(stream, watch, true);
    H2Config config =
        Http2Pump.config(settings.maxHeadBytes())
            .setMaxConcurrentStreams(settings.maxStreams())
            .build();
    this.multiplexer =
        new ServerH2StreamMultiplexer(
            pump.session(),
            DefaultFrameFactory.INSTANCE,
            NO_PROCESSOR,
            this::newStream,
            CharCodingConfig.DEFAULT,
            config,
            pump.frames());
  }

  /**
   * Serves streams until the connection ends.
   *
   * @param first bytes that were read before, behind the preface
   */
  void serve(ByteBuffer first) throws IOException {
    try {
      CancelScope.<@Nullable Void, IOException>run(own -> {
        everything = own;
        watch.begin();
        try {
          TaskScope.with()
              .policy(TaskScope.Policy.COLLECT_ALL)
              .<@Nullable Void, IOException>run(tasks -> {
                serveIn(tasks, first);
                return null;
              });
        } finally {
          watch.end();
        }
        return null;
      });
    } catch (CancellationException cancelled) {
      if (!watch.isExpired()) {
        throw cancelled;
      }
    }
    Linger.close(stream, Settings.LINGER);
  }

  private void serveIn(TaskScope tasks, ByteBuffer first) throws IOException {
    scope = tasks;
    try {
      pump.run(tasks, new ServerH2IOEventHandler(multiplexer), first);
    } finally {
      tasks.cancel("the connection has ended");
    }
  }

  // ---- streams ----

  private @Nullable AsyncServerExchangeHandler newStream(
      HttpRequest request, @Nullable HttpContext context) throws HttpException {
    List<? extends Header> fields = pump.frames().lastFields();
    if (running >= 2 * settings.maxStreams()) {
      return null; // which refuses the stream
    }
    try {
      Http2Head checked = Http2Head.of(fields, settings.tls() != null, remote);
      return new Http2Stream(this, checked);
    } catch (StatusException refused) {
      return RefusedStream.of(refused);
    }
  }

  /** Starts the coroutine of a stream. */
  Task<?> start(Http2Stream each, Http2Exchange exchange) {
    TaskScope tasks = scope;
    if (tasks == null) {
      throw new IllegalStateException("the connection does not serve yet");
    }
    running++;
    Task<?> task = tasks.goAsync(() -> handle(each, exchange));
    task.onCompletion(_ -> handlerEnded());
    return task;
  }

  private void handlerEnded() {
    running--;
    watch.streamEnded();
  }

  private void handle(Http2Stream each, Http2Exchange exchange) {
    try {
      RouteTable.Match match = routes.find(exchange.method(), exchange.head.target());
      exchange.setParameters(match.values());
      match.handler().handle(exchange);
      exchange.finish();
      each.endRequest();
    } catch (StatusException wanted) {
      respondFailed(each, exchange, wanted.status(), String.valueOf(wanted.getMessage()));
    } catch (CancellationException cancelled) {
      each.reset();
      throw cancelled;
    } catch (Exception failed) {
      if (!each.output().isReleased()) {
        settings.onFailure().accept(failed);
        respondFailed(each, exchange, 500, "the server failed to answer the request");
      }
    }
  }

  private void respondFailed(Http2Stream each, Http2Exchange exchange, int status, String message) {
    try {
      if (!exchange.isStarted()) {
        exchange.clearFields();
        exchange.respond(status, message + "\n");
        each.endRequest();
        return;
      }
    } catch (IOException gone) {
      // as below
    }
    each.reset();
  }

  // ---- for the server and the watch ----

  Settings settings() {
    return settings;
  }

  Http2Pump pump() {
    return pump;
  }

  boolean isIdle() {
    return running == 0;
  }

  /** Lets the multiplexer drop streams whose time is over. */
  void tick() {
    pump.forgive();
    if (running > 0) {
      pump.requestOutput();
    }
  }

  /** Ends the connection after the streams that are open. */
  void shutdown() {
    pump.shutdown();
  }

  /** Ends the connection at once. */
  void expire(String reason) {
    CancelScope own = everything;
    if (own != null) {
      own.cancel(reason);
    }
  }

  @Override
  public void drain() {
    loop.execute(this::shutdown);
  }
}
