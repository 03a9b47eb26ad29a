package dev.goasync.http;

import dev.goasync.CancelScope;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves an HTTP/1.1 connection: reads a request, runs its handler in the same coroutine, and goes
 * on with the next request. Owned by the loop.
 */
final class Http1Connection implements ServedConnection {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** The code of a WebSocket's close. */
  private static final int INTERNAL_ERROR = 1011;

  private final ByteStream stream;
  private final Settings settings;
  private final RouteTable routes;
  private final @Nullable SocketAddress remote;
  private final EventLoop loop = EventLoop.currentOrDefault();
  private final StreamInput input;
  private final StreamOutput output;
  private final StrictLines lines;
  private final HeadParser parser = new HeadParser();
  private @Nullable CancelScope scope;
  private @Nullable Watch watch;
  private @Nullable Task<?> peerWatch;
  private @Nullable Http1Exchange current;
  private boolean expectsContinue;
  private boolean draining;
  private boolean abandoned;
  private boolean upgraded;
  private @Nullable WebSocket socket;
  private boolean refused;
  private boolean http2;

  Http1Connection(
      ByteStream stream, Settings settings, RouteTable routes, @Nullable SocketAddress remote) {
    this.stream = stream;
    this.settings = settings;
    this.routes = routes;
    this.remote = remote;
    this.input = new StreamInput(stream);
    this.output = new StreamOutput(stream);
    this.lines = new StrictLines(input, settings.maxHeadBytes());
  }

  /**
   * Serves requests until the connection ends.
   *
   * @return whether the client speaks HTTP/2 by prior knowledge, of which {@link #lines} and the
   *     stream have the bytes behind the preface
   */
  boolean serve() throws IOException {
    try {
      CancelScope.<@Nullable Void, IOException>run(own -> {
        serveWithin(own);
        return null;
      });
      output.flushNow();
    } catch (CancellationException cancelled) {
      endOfCancelled(cancelled);
    } catch (ConnectionClosedException gone) {
      // the client has closed the connection within a message
    }
    if (refused) {
      Linger.close(stream, Settings.LINGER);
    }
    return http2;
  }

  private void serveWithin(CancelScope own) throws IOException {
    Watch made = new Watch(loop, settings, own, this::watchPeer);
    scope = own;
    watch = made;
    input.watchBy(made);
    output.watchBy(made);
    try {
      while (serveNext(made)) {
        // the next request
      }
    } finally {
      made.end();
    }
  }

  private void endOfCancelled(CancellationException cancelled) throws IOException {
    Watch ended = watch;
    Watch.Phase expired = ended == null ? null : ended.expired();
    if (expired == Watch.Phase.HEAD) {
      refuse(new StatusException(408, "the request did not come in time"));
    } else if (expired == null && !abandoned) {
      throw cancelled;
    }
  }

  /** Returns whether a further request may follow. */
  private boolean serveNext(Watch made) throws IOException {
    made.enter(Watch.Phase.IDLE);
    if (draining && lines.length() == 0) {
      return false;
    }
    if (lines.length() > 0) {
      made.enter(Watch.Phase.HEAD);
    }
    Http1Exchange exchange;
    try {
      exchange = readRequest();
    } catch (StatusException wrong) {
      refuse(wrong);
      return false;
    }
    if (exchange == null) {
      return false;
    }
    made.enter(Watch.Phase.HANDLER);
    current = exchange;
    boolean complete = handle(exchange);
    current = null;
    refused |= complete && !exchange.requestBody().isComplete();
    if (exchange.requestBody().isBroken() || exchange.closes() || upgraded) {
      return false;
    }
    return complete && discardRest(exchange);
  }

  // ---- reading ----

  private @Nullable Http1Exchange readRequest() throws IOException {
    lines.beginHead();
    MessageHead message;
    try {
      message = parser.parse(lines, input);
    } catch (MessageConstraintException tooLong) {
      throw lines.isBehindStartLine()
          ? new StatusException(431, "the header fields are too long or too many")
          : new StatusException(414, "the request line is too long");
    } catch (HttpException malformed) {
      throw new StatusException(400, String.valueOf(malformed.getMessage()));
    }
    if (message == null) {
      return null;
    }
    if (settings.http2()
        && settings.tls() == null
        && message.startLine().equals(Http2Preface.LINE)) {
      Http2Preface.readRest(message, lines, input);
      http2 = true;
      return null;
    }
    Headers headers = new Headers(message.getHeaders());
    RequestHead head =
        RequestLine.parse(message.startLine(), headers, settings.tls() != null, remote);
    return withBody(head, RequestFraming.of(head));
  }

  private Http1Exchange withBody(RequestHead head, RequestFraming framing) throws IOException {
    long max = settings.maxBodyBytes();
    if (framing.length() > max) {
      throw RequestBody.tooLarge(max);
    }
    expectsContinue = framing.expectsContinue();
    InputStream decoder =
        framing.isChunked()
            ? new ChunkedInputStream(new ChunkLines(lines), input, HeadParser.CONFIG)
            : framing.length() == 0
                ? InputStream.nullInputStream()
                : new ContentLengthInputStream(lines, input, framing.length());
    var body = new RequestBody(decoder, framing.length(), max, this::sendContinue);
    return new Http1Exchange(this, head, body, framing.closes());
  }

  private void sendContinue() throws IOException {
    Http1Exchange exchange = current;
    if (expectsContinue) {
      expectsContinue = false;
      if (exchange != null && !exchange.isStarted()) {
        output.write(CONTINUE, 0, CONTINUE.length);
        output.flushNow();
      }
    }
  }

  // ---- handling ----

  /** Runs the handler; returns whether the response is complete. */
  private boolean handle(Http1Exchange exchange) throws IOException {
    try {
      RouteTable.Match match = routes.find(exchange.method(), exchange.head.target());
      exchange.setParameters(match.values());
      match.handler().handle(exchange);
      stopPeerWatch();
      WebSocket opened = socket;
      if (opened != null) {
        opened.close();
      } else {
        exchange.finish();
        output.flushOfOthers();
      }
      return true;
    } catch (StatusException wanted) {
      stopPeerWatch();
      return respondFailed(exchange, wanted.status(), String.valueOf(wanted.getMessage()));
    } catch (CancellationException | ConnectionClosedException gone) {
      throw gone;
    } catch (Exception failed) {
      stopPeerWatch();
      boolean gone = input.hasFailed() || output.hasFailed();
      if (gone || (upgraded && failed instanceof IOException)) {
        return false; // the client has gone
      }
      settings.onFailure().accept(failed);
      return respondFailed(exchange, 500, "the server failed to answer the request");
    } finally {
      stopPeerWatch();
    }
  }

  private boolean respondFailed(Http1Exchange exchange, int status, String message)
      throws IOException {
    WebSocket opened = socket;
    if (opened != null) {
      opened.close(INTERNAL_ERROR, "");
      opened.close();
    }
    if (exchange.isStarted()) {
      return false; // without the end of its body, so that the client sees it is incomplete
    }
    exchange.clearFields();
    exchange.respond(status, message + "\n");
    return true;
  }

  /** Reads a body that the handler has not read, so that the next request can be found. */
  private boolean discardRest(Http1Exchange exchange) throws IOException {
    RequestBody body = exchange.requestBody();
    if (body.isComplete()) {
      return true;
    }
    if (expectsContinue) {
      return false;
    }
    try {
      Watch made = watch;
      if (made != null) {
        made.enter(Watch.Phase.HANDLER);
      }
      output.flushNow();
      boolean found = body.discard(Settings.MAX_DISCARDED_BYTES);
      refused = !found;
      return found;
    } catch (StatusException malformed) {
      return false; // the response is sent already
    }
  }

  /** Answers a request whose end is not known, after which the connection ends. */
  private void refuse(StatusException wrong) throws IOException {
    refused = true;
    byte[] text = (wrong.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
    ResponseEncoder encoder = new ResponseEncoder(wrong.status(), List.of());
    encoder.field("Content-Type", "text/plain; charset=utf-8");
    encoder.field("Content-Length", Integer.toString(text.length));
    encoder.field("Connection", "close");
    encoder.end();
    encoder.writeTo(output, text);
    GoAsync.withTimeout(Settings.LINGER, output::flushNow);
  }

  // ---- the end of the client while a handler works ----

  /** Starts to look for the end of the input: a client that has gone needs no response. */
  private void watchPeer() {
    Http1Exchange exchange = current;
    if (exchange == null
        || !exchange.requestBody().isComplete()
        || upgraded
        || lines.length() > 0) {
      return;
    }
    peerWatch =
        loop.goAsync(
            "watch of " + stream,
            () -> {
              try {
                if (stream.peek(ByteBuffer.allocate(1)) >= 0) {
                  return;
                }
              } catch (IOException gone) {
                // as the end
              }
              abandon("the client has closed the connection");
            });
  }

  private void stopPeerWatch() {
    Task<?> last = peerWatch;
    peerWatch = null;
    if (last != null && !last.isCompleted()) {
      last.cancel();
      GoAsync.shielded(() -> {
        try {
          last.await();
        } catch (CancellationException _) {
          // it has ended
        }
      });
    }
  }

  private void abandon(String reason) {
    CancelScope own = scope;
    abandoned = true;
    if (own != null) {
      own.cancel(reason);
    }
  }

  // ---- for the server and the exchange ----

  @Override
  public void drain() {
    loop.execute(() -> {
      draining = true;
      Watch made = watch;
      if (made != null && made.phase() == Watch.Phase.IDLE) {
        abandon("the server was stopped");
      }
      closeSocket(WebSocket.GOING_AWAY, "the server stops");
    });
  }

  boolean isDraining() {
    return draining;
  }

  boolean isExpected() {
    return expectsContinue;
  }

  StreamOutput output() {
    return output;
  }

  /** Takes the bytes that were read and not used. */
  ByteBuffer takeInput() throws IOException {
    byte[] bytes = new byte[lines.length()];
    if (bytes.length > 0) {
      var _ = lines.read(bytes, 0, bytes.length, input);
    }
    return ByteBuffer.wrap(bytes);
  }

  WebSocket upgrade(Http1Exchange exchange, String accept) throws IOException {
    stopPeerWatch();
    exchange.markStarted();
    upgraded = true;
    var encoder = new ResponseEncoder(101, List.of());
    encoder.field("Upgrade", "websocket");
    encoder.field("Connection", "Upgrade");
    encoder.field("Sec-WebSocket-Accept", accept);
    encoder.end();
    encoder.writeTo(output);
    output.flushNow();
    var made = new WebSocket(new StreamTransport(stream, lines, input, output), true);
    socket = made;
    return made;
  }

  private void closeSocket(int code, String reason) {
    WebSocket open = socket;
    if (open != null) {
      var _ =
          loop.goAsync(
              "close of " + stream,
              () -> {
                try {
                  open.close(code, reason);
                } catch (IOException gone) {
                  // the connection has ended
                }
              });
    }
  }
}
