package dev.goasync.http;

import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http2.frame.DefaultFrameFactory;
import org.apache.hc.core5.http2.impl.nio.ClientH2IOEventHandler;
import org.apache.hc.core5.http2.impl.nio.ClientH2StreamMultiplexer;
import org.apache.hc.core5.reactor.Command;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection of HTTP/2, whose streams carry the requests of one loop's coroutines. Owned
 * by the loop, except {@link #shutdown} and {@link #close}, which any thread may call.
 */
final class Http2ClientConnection {
  private static final int MAX_HEAD_BYTES = 64 * 1024;

  /** How long a server may take no byte of a body; limits for all else are the caller's. */
  static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);

  private final EventLoop loop;
  private final Origin origin;
  private final ByteStream stream;
  private final Http2Pump pump;
  private final ClientH2StreamMultiplexer multiplexer;
  private @Nullable Task<?> task;
  private boolean draining;

  Http2ClientConnection(EventLoop loop, Origin origin, ByteStream stream) {
    this.loop = loop;
    this.origin = origin;
    this.stream = stream;
    this.pump = new Http2Pump(stream, NoWatch.INSTANCE, false);
    this.multiplexer =
        new ClientH2StreamMultiplexer(
            pump.session(),
            DefaultFrameFactory.INSTANCE,
            HttpProcessorBuilder.create().build(),
            null,
            Http2Pump.config(MAX_HEAD_BYTES).build(),
            CharCodingConfig.DEFAULT,
            pump.frames());
  }

  /**
   * Starts the coroutines of the connection.
   *
   * @param whenEnded called when they have ended
   */
  void start(Runnable whenEnded) {
    Task<?> started = loop.goAsync("connection to " + origin, this::run);
    started.onCompletion(_ -> whenEnded.run());
    task = started;
  }

  private void run() throws IOException {
    try (stream) {
      stream.writeAll(Http2Preface.TEXT.getBytes(StandardCharsets.US_ASCII));
      TaskScope.with()
          .policy(TaskScope.Policy.COLLECT_ALL)
          .<@Nullable Void, IOException>run(tasks -> {
            pump.run(tasks, new ClientH2IOEventHandler(multiplexer), ByteBuffer.allocate(0));
            return null;
          });
    } finally {
      draining = true;
      pump.session().close();
      failCommands();
    }
  }

  private void failCommands() {
    for (Command each; (each = pump.session().poll()) != null; ) {
      each.cancel();
    }
  }

  /** Whether further requests can be sent. */
  boolean isUsable() {
    return !draining && pump.session().isOpen() && !pump.frames().isGoingAway();
  }

  /** Sends a request and waits for the head of the response. */
  HttpResponse send(HttpRequest request) throws IOException {
    var exchange = new Http2ClientStream(pump, request);
    pump.session()
        .enqueue(
            new RequestExecutionCommand(
                exchange, null, exchange.dependency(), HttpCoreContext.create()),
            Command.Priority.NORMAL);
    boolean complete = false;
    try {
      HttpResponse response = exchange.await();
      complete = true;
      return response;
    } finally {
      if (!complete) {
        exchange.abandon();
      }
    }
  }

  /** Ends the connection after its streams. */
  void shutdown() {
    try {
      loop.execute(() -> {
        draining = true;
        pump.shutdown();
      });
    } catch (RejectedExecutionException _) {
      // the loop is closed, and so is the connection
    }
  }

  /** Ends the connection and its streams, and waits for the end. */
  void close() {
    Task<?> running = task;
    if (running != null) {
      running.cancel("the client is closed");
      try {
        running.await();
      } catch (CancellationException _) {
        // it has ended, or the caller is cancelled
      } catch (RuntimeException failed) {
        // its streams have thrown the failure
      }
    }
  }

  /** No time limit for writes: the callers have theirs. */
  private enum NoWatch implements Http2Pump.WriteWatch {
    INSTANCE;

    @Override
    public void beginWrite() {}

    @Override
    public void endWrite() {}
  }
}
