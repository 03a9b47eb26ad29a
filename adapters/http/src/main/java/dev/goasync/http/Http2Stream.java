package dev.goasync.http;

import dev.goasync.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpResponse;
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
  private static final int CONTINUE = 100;
  private static final int CREDIT_STEP = 16 * 1024;

  private final Http2Connection connection;
  private final RequestHead head;
  private final long announced;
  private final BodyQueue body;
  private final HttpCoreContext context = HttpCoreContext.create();
  private final Http2Output output;
  private @Nullable Task<?> handler;
  private @Nullable ResponseChannel responses;
  private @Nullable CapacityChannel capacity;
  private boolean expectsContinue;
  private int consumed;

  /**
   * Creates the stream of a request.
   *
   * @param checked the fields of the request
   */
  Http2Stream(Http2Connection connection, Http2Head checked) {
    this.connection = connection;
    this.head = checked.head();
    this.announced = checked.announced();
    this.expectsContinue = checked.expectsContinue();
    Settings settings = connection.settings();
    this.body =
        new BodyQueue(
            settings.maxBodyBytes(), settings.stallTimeout(), this::askForBody, this::addCredit);
    this.output = new Http2Output(connection.pump(), settings.stallTimeout());
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
  public void produce(DataStreamChannel channel) throws IOException {
    output.produce(channel);
  }

  @Override
  public void failed(Exception cause) {
    body.fail(new IOException("the stream has ended: " + cause.getMessage(), cause));
  }

  @Override
  public void releaseResources() {
    output.release();
    Task<?> running = handler;
    if (!output.isEnded() && running != null) {
      running.cancel("the client has reset the stream or closed the connection");
    }
  }

  // ---- called by the handler's coroutine ----

  BodyQueue body() {
    return body;
  }

  /** Sends 100 (Continue) to a client that waits for it before it sends the body. */
  private void askForBody() throws IOException {
    ResponseChannel target = responses;
    if (expectsContinue && target != null && !output.isReleased()) {
      expectsContinue = false;
      try {
        target.sendInformation(new BasicHttpResponse(CONTINUE), context);
      } catch (HttpException started) {
        throw new IOException(started.getMessage(), started);
      }
    }
  }

  private void addCredit(int count) throws IOException {
    consumed += count;
    if (consumed >= CREDIT_STEP) {
      flushCredit();
    }
  }

  private void flushCredit() throws IOException {
    CapacityChannel target = capacity;
    if (target != null && consumed > 0 && !output.isReleased()) {
      int count = consumed;
      consumed = 0;
      target.update(count);
    }
  }

  /** Sends a head without a body. */
  void sendHead(HttpResponse response) throws IOException {
    output.markEnded();
    submit(response, null);
  }

  /** Sends a head before a body. */
  void sendHeadOfBody(HttpResponse response) throws IOException {
    submit(response, SOME_BODY);
  }

  /** Sends a head and a body, and waits until all of it is sent. */
  void sendWhole(HttpResponse response, byte[] bytes) throws IOException {
    output.setWhole(bytes);
    submit(response, SOME_BODY);
    output.finishWhole();
  }

  private void submit(HttpResponse response, @Nullable EntityDetails details) throws IOException {
    ResponseChannel target = responses;
    if (target == null || output.isReleased()) {
      throw new IOException("the stream has ended");
    }
    try {
      target.sendResponse(response, details, context);
    } catch (HttpException invalid) {
      throw new IOException(invalid.getMessage(), invalid);
    }
  }

  Http2Output output() {
    return output;
  }

  /** Ends the stream if the handler has not read the body: its rest is of no use. */
  void endRequest() {
    if (!body.isComplete() && !output.isReleased()) {
      reset();
    }
  }

  /** Ends the stream with an error, so that the client sees that the response is incomplete. */
  void reset() {
    ResponseChannel target = responses;
    if (!output.reset() && target != null) {
      target.terminateExchange();
    }
  }
}
