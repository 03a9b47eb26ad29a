package dev.goasync.http;

import dev.goasync.Task;
import dev.goasync.sync.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.nio.AsyncServerExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.ResponseChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * A stream of an HTTP/2 connection between HttpCore's multiplexer, which calls the overridden
 * methods, and the coroutine of its handler, which calls the others. Both run on the loop, which
 * owns the state.
 */
final class Http2Stream implements AsyncServerExchangeHandler {
  private static final EntityDetails SOME_BODY = new BasicEntityDetails(-1, null);
  private static final int CREDIT_STEP = 16 * 1024;

  private final Http2Connection connection;
  private final RequestHead head;
  private final long announced;
  private final BodyQueue body;
  private final HttpCoreContext context = HttpCoreContext.create();
  private @Nullable Event writable;
  private @Nullable Task<?> handler;
  private @Nullable ResponseChannel responses;
  private @Nullable CapacityChannel capacity;
  private @Nullable DataStreamChannel channel;
  private byte @Nullable [] whole;
  private int consumed;
  private boolean ended;
  private boolean released;

  /**
   * Creates the stream of a request.
   *
   * @param announced the value of Content-Length; -1 if there is none
   */
  Http2Stream(Http2Connection connection, RequestHead head, long announced) {
    this.connection = connection;
    this.head = head;
    this.announced = announced;
    Settings settings = connection.settings();
    this.body = new BodyQueue(settings.maxBodyBytes(), settings.stallTimeout(), this::addCredit);
  }

  // ---- called by the multiplexer ----

  @Override
  public void handleRequest(
      HttpRequest request,
      @Nullable EntityDetails details,
      ResponseChannel responseChannel,
      HttpContext httpContext)
      throws IOException {
    responses = responseChannel;
    if (details == null) {
      requireLength(0);
      body.complete();
    }
    var exchange = new Http2Exchange(this, head);
    handler = connection.start(this, exchange);
  }

  private void requireLength(long actual) throws IOException {
    if (announced >= 0 && actual != announced) {
      throw new H2StreamResetException(
          H2Error.PROTOCOL_ERROR, "the body does not have the length of Content-Length");
    }
  }

  @Override
  public void updateCapacity(CapacityChannel capacityChannel) throws IOException {
    capacity = capacityChannel;
    flushCredit();
  }

  @Override
  public void consume(ByteBuffer source) throws IOException {
    if (announced >= 0 && body.total() + source.remaining() > announced) {
      throw new H2StreamResetException(
          H2Error.PROTOCOL_ERROR, "the body is longer than Content-Length");
    }
    body.add(source);
  }

  @Override
  public void streamEnd(@Nullable List<? extends Header> trailers) throws IOException {
    requireLength(body.total());
    body.complete();
  }

  /** Nothing: the handler's coroutine writes by itself. */
  @Override
  public int available() {
    return 0;
  }

  @Override
  public void produce(DataStreamChannel output) throws IOException {
    if (channel == null) {
      channel = output;
      writeWhole(output);
    }
    wake();
  }

  private void wake() {
    Event waited = writable;
    if (waited != null) {
      waited.set();
    }
  }

  /** Writes a complete body together with its head, as far as the windows allow. */
  private void writeWhole(DataStreamChannel output) throws IOException {
    byte[] bytes = whole;
    if (bytes == null) {
      return;
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      if (output.write(rest) == 0) {
        whole = Arrays.copyOfRange(bytes, rest.position(), bytes.length);
        return;
      }
    }
    whole = null;
    ended = true;
    output.endStream();
  }

  @Override
  public void failed(Exception cause) {
    body.fail(new IOException("the stream has ended: " + cause.getMessage(), cause));
  }

  @Override
  public void releaseResources() {
    released = true;
    Task<?> running = handler;
    if (!ended && running != null) {
      running.cancel("the client has reset the stream or closed the connection");
    }
    wake();
  }

  // ---- called by the handler's coroutine ----

  BodyQueue body() {
    return body;
  }

  private void addCredit(int count) throws IOException {
    consumed += count;
    if (consumed >= CREDIT_STEP) {
      flushCredit();
    }
  }

  private void flushCredit() throws IOException {
    CapacityChannel target = capacity;
    if (target != null && consumed > 0 && !released) {
      int count = consumed;
      consumed = 0;
      target.update(count);
    }
  }

  /** Sends a head without a body. */
  void sendHead(HttpResponse response) throws IOException {
    ended = true;
    submit(response, null);
  }

  /** Sends a head before a body. */
  void sendHeadOfBody(HttpResponse response) throws IOException {
    submit(response, SOME_BODY);
  }

  /** Sends a head and a body, and waits until all of it is sent. */
  void sendWhole(HttpResponse response, byte[] bytes) throws IOException {
    whole = bytes;
    submit(response, SOME_BODY);
    byte[] rest = whole;
    if (rest != null) {
      whole = null;
      write(ByteBuffer.wrap(rest));
      end();
    }
  }

  private void submit(HttpResponse response, @Nullable EntityDetails details) throws IOException {
    ResponseChannel target = responses;
    if (target == null || released) {
      throw new IOException("the stream has ended");
    }
    try {
      target.sendResponse(response, details, context);
    } catch (HttpException invalid) {
      throw new IOException(invalid.getMessage(), invalid);
    }
  }

  /** Writes all bytes; waits while the windows or the buffer of the connection are full. */
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      DataStreamChannel output = channel;
      if (released || output == null) {
        throw new IOException("the stream has ended");
      }
      if (output.write(bytes) == 0) {
        awaitRoom(output);
      }
    }
  }

  private void awaitRoom(DataStreamChannel output) throws IOException {
    Event waited = writable;
    if (waited == null) {
      waited = Event.autoReset();
      writable = waited;
    }
    connection.addWaiting(this);
    try {
      output.requestOutput();
      if (!waited.tryAwait(connection.settings().stallTimeout())) {
        reset();
        throw new IOException("the client did not take the response in time");
      }
    } finally {
      connection.removeWaiting(this);
    }
  }

  /** Lets the coroutine try again. */
  void roomChanged() {
    wake();
  }

  /** Ends the response. */
  void end() throws IOException {
    DataStreamChannel output = channel;
    if (output != null && !released && !ended) {
      ended = true;
      output.endStream();
    }
  }

  /** Ends the stream if the handler has not read the body: its rest is of no use. */
  void endRequest() {
    if (!body.isComplete() && !released) {
      reset();
    }
  }

  /** Ends the stream with an error, so that the client sees that the response is incomplete. */
  void reset() {
    DataStreamChannel output = channel;
    ResponseChannel target = responses;
    if (output instanceof Cancellable stream) {
      var _ = stream.cancel();
    } else if (target != null) {
      target.terminateExchange();
    }
  }

  boolean isReleased() {
    return released;
  }
}
