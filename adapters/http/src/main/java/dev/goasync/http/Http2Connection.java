package dev.goasync.http;

import dev.goasync.CancelScope;
import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.io.ByteStream;
import dev.goasync.sync.Event;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.nio.AsyncServerExchangeHandler;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.frame.DefaultFrameFactory;
import org.apache.hc.core5.http2.impl.nio.ServerH2StreamMultiplexer;
import org.jspecify.annotations.Nullable;

/**
 * Serves an HTTP/2 connection. One coroutine reads and lets HttpCore's multiplexer consume frames;
 * one writes what the multiplexer has produced; and each stream has one for its handler. Owned by
 * the loop.
 *
 * <p>The reader waits while the output is full, so that a client that sends and does not read fills
 * no memory.
 */
final class Http2Connection implements ServedConnection {
  private static final int INPUT_BYTES = 16 * 1024;
  private static final int MAX_CONTINUATIONS = 16;
  private static final int KEPT_OUTPUT_BYTES = 16 * 1024;
  private static final HttpProcessor NO_PROCESSOR = HttpProcessorBuilder.create().build();
  private static final byte[] NO_BYTES = {};

  private final ByteStream stream;
  private final Settings settings;
  private final RouteTable routes;
  private final @Nullable SocketAddress remote;
  private final EventLoop loop = EventLoop.currentOrDefault();
  private final FloodGuard flood = new FloodGuard();
  private final Http2Frames frames = new Http2Frames(flood);
  private final Event outputChanged = Event.autoReset();
  private final Event outputDrained = Event.autoReset();
  private final Http2Session session;
  private final ServerH2StreamMultiplexer multiplexer;
  private final Set<Http2Stream> waiting = new LinkedHashSet<>();
  private @Nullable TaskScope scope;
  private @Nullable Task<?> reader;
  private @Nullable CancelScope everything;
  private @Nullable Http2Watch watch;
  private int running;

  Http2Connection(
      ByteStream stream, Settings settings, RouteTable routes, @Nullable SocketAddress remote) {
    this.stream = stream;
    this.settings = settings;
    this.routes = routes;
    this.remote = remote;
    this.session = new Http2Session(stream.toString(), outputChanged::set, this::sessionClosed);
    H2Config config =
        H2Config.custom()
            .setMaxConcurrentStreams(settings.maxStreams())
            .setMaxHeaderListSize(settings.maxHeadBytes())
            .setMaxContinuations(MAX_CONTINUATIONS)
            .setMaxFrameSize(16 * 1024)
            .setPushEnabled(false)
            .setCompressionEnabled(true)
            .build();
    this.multiplexer =
        new ServerH2StreamMultiplexer(
            session,
            DefaultFrameFactory.INSTANCE,
            NO_PROCESSOR,
            this::newStream,
            CharCodingConfig.DEFAULT,
            config,
            frames);
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
        var made = new Http2Watch(loop, settings, this);
        watch = made;
        try {
          TaskScope.with()
              .policy(TaskScope.Policy.COLLECT_ALL)
              .<@Nullable Void, IOException>run(tasks -> {
                serveIn(tasks, first);
                return null;
              });
        } finally {
          made.end();
        }
        return null;
      });
    } catch (CancellationException cancelled) {
      if (watch == null || !watch.isExpired()) {
        throw cancelled;
      }
    }
    Linger.close(stream, Settings.LINGER);
  }

  private void serveIn(TaskScope tasks, ByteBuffer first) throws IOException {
    scope = tasks;
    Task<?> reading = tasks.goAsync(() -> readAll(first));
    reader = reading;
    if (!session.isOpen()) {
      reading.cancel();
    }
    try {
      writeAll();
    } finally {
      reading.cancel();
      multiplexer.onDisconnect();
      tasks.cancel("the connection has ended");
    }
  }

  // ---- the reader ----

  private void readAll(ByteBuffer first) {
    try {
      multiplexer.onConnect();
      consume(first);
      var input = ByteBuffer.allocate(INPUT_BYTES);
      while (session.isOpen()) {
        awaitDrained();
        int count = stream.read(input.clear());
        if (count < 0) {
          session.endInput();
        }
        consume(input.flip());
        if (count < 0) {
          return;
        }
      }
    } catch (IOException | HttpException | RuntimeException failed) {
      if (failed instanceof CancellationException cancelled) {
        throw cancelled;
      }
      multiplexer.onException(failed);
      outputChanged.set();
    }
  }

  private void consume(ByteBuffer input) throws IOException, HttpException {
    session.offer(input);
    multiplexer.onInput(null);
    if (frames.isMalformed()) {
      throw new H2ConnectionException(H2Error.PROTOCOL_ERROR, "the padding is too long");
    }
    if (flood.isExceeded()) {
      throw new H2ConnectionException(H2Error.ENHANCE_YOUR_CALM, "too many empty frames");
    }
  }

  private void awaitDrained() {
    while (session.outputCount() >= Http2Session.MAX_OUTPUT_BYTES / 2) {
      outputDrained.await();
    }
  }

  private void sessionClosed() {
    outputChanged.set();
    Task<?> reading = reader;
    if (reading != null) {
      reading.cancel("the connection ends");
    }
  }

  // ---- the writer ----

  private void writeAll() throws IOException {
    byte[] spare = NO_BYTES;
    while (true) {
      boolean open = session.isOpen();
      if (open && session.isOutputWanted()) {
        produce();
      }
      if (session.outputCount() > 0) {
        int count = session.outputCount();
        byte[] output = session.takeOutput(spare);
        write(ByteBuffer.wrap(output, 0, count));
        spare = output.length <= KEPT_OUTPUT_BYTES ? output : NO_BYTES;
        outputDrained.set();
        wakeWaiting();
      } else if (!open) {
        return;
      } else {
        outputChanged.await();
      }
    }
  }

  private void produce() {
    try {
      multiplexer.onOutput();
    } catch (IOException | HttpException failed) {
      multiplexer.onException(failed);
    }
  }

  private void write(ByteBuffer output) throws IOException {
    Http2Watch current = watch;
    if (current != null) {
      current.beginWrite();
    }
    try {
      while (output.hasRemaining()) {
        var _ = stream.write(output);
        if (current != null && output.hasRemaining()) {
          current.beginWrite();
        }
      }
    } finally {
      if (current != null) {
        current.endWrite();
      }
    }
  }

  /** Remembers a stream whose coroutine waits for room. */
  void addWaiting(Http2Stream each) {
    waiting.add(each);
  }

  void removeWaiting(Http2Stream each) {
    waiting.remove(each);
  }

  private void wakeWaiting() {
    for (Http2Stream each : waiting) {
      each.roomChanged();
    }
  }

  // ---- streams ----

  private @Nullable AsyncServerExchangeHandler newStream(HttpRequest request, @Nullable HttpContext context)
      throws HttpException {
    List<? extends Header> fields = frames.lastFields();
    if (running >= 2 * settings.maxStreams()) {
      return null; // which refuses the stream
    }
    try {
      Http2Head checked = Http2Head.of(fields, settings.tls() != null, remote);
      return new Http2Stream(this, checked.head(), checked.announced());
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
    Http2Watch current = watch;
    if (current != null) {
      current.streamEnded();
    }
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
      if (!each.isReleased()) {
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

  FloodGuard flood() {
    return flood;
  }

  boolean isIdle() {
    return running == 0;
  }

  /** Lets the multiplexer drop streams whose time is over. */
  void tick() {
    flood.forgive();
    if (running > 0) {
      session.setEvent(SelectionKey.OP_WRITE);
    }
  }

  /** Ends the connection after the streams that are open. */
  void shutdown() {
    session.enqueueShutdown();
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
