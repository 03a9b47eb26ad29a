package dev.goasync.http;

import dev.goasync.sync.Event;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a client's HTTP/2 connection between HttpCore's multiplexer, which calls the
 * overridden methods, and the coroutine that sends the request. Both run on the loop, which owns
 * the state.
 */
final class Http2ClientStream implements AsyncClientExchangeHandler {
  private static final EntityDetails SOME_BODY = new BasicEntityDetails(-1, null);
  private static final int CREDIT_STEP = 16 * 1024;
  private static final int PART_BYTES = 16 * 1024;

  /** The limits of a response are those of the caller. */
  private static final Duration NO_LIMIT = Duration.ofDays(1000);

  private final Http2Pump pump;
  private final HttpRequest request;
  private final Http2Output output;
  private final BodyQueue body;
  private final Event answered = Event.manualReset();
  private @Nullable HttpResponse response;
  private @Nullable CapacityChannel capacity;
  private @Nullable Exception failure;
  private @Nullable Cancellable stream;
  private int streamId;
  private boolean abandoned;
  private int consumed;

  Http2ClientStream(Http2Pump pump, HttpRequest request) {
    this.pump = pump;
    this.request = request;
    this.output = new Http2Output(pump, Http2ClientConnection.STALL_TIMEOUT);
    this.body = new BodyQueue(Long.MAX_VALUE, NO_LIMIT, () -> {}, this::addCredit);
  }

  // ---- called by the multiplexer ----

  @Override
  public void produceRequest(RequestChannel channel, HttpContext context)
      throws HttpException, IOException {
    if (abandoned) {
      throw new IOException("the request was given up");
    }
    Origin origin = request.origin();
    var head = new BasicHttpRequest(request.method(), request.target());
    head.setPath(request.target());
    head.setScheme(origin.scheme());
    head.setAuthority(new URIAuthority(origin.host(), explicitPort(origin)));
    for (Header each : request.fields()) {
      head.addHeader(each);
    }
    byte[] bytes = request.bytes();
    if (bytes != null) {
      head.addHeader("content-length", Integer.toString(bytes.length));
      output.setWhole(bytes);
    }
    if (request.stream() == null && (bytes == null || bytes.length == 0)) {
      output.markEnded();
      channel.sendRequest(head, null, context);
    } else {
      channel.sendRequest(head, SOME_BODY, context);
    }
    streamId = pump.frames().lastSent();
  }

  private static int explicitPort(Origin origin) {
    return origin.authority().endsWith(":" + origin.port()) ? origin.port() : -1;
  }

  @Override
  public void consumeResponse(
      HttpResponse received, @Nullable EntityDetails details, HttpContext context) {
    response = received;
    if (details == null) {
      body.complete();
    }
    answered.set();
  }

  @Override
  public void consumeInformation(HttpResponse information, HttpContext context) {}

  @Override
  public void updateCapacity(CapacityChannel capacityChannel) throws IOException {
    capacity = capacityChannel;
    flushCredit();
  }

  @Override
  public void consume(ByteBuffer source) {
    body.add(source);
  }

  @Override
  public void streamEnd(@Nullable List<? extends Header> trailers) {
    body.complete();
  }

  /** Nothing: the coroutine writes by itself. */
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
    failure = cause;
    body.fail(new IOException("the stream has ended: " + cause.getMessage(), cause));
  }

  @Override
  public void cancel() {
    failed(new RequestNotExecutedException());
    releaseResources();
  }

  @Override
  public void releaseResources() {
    if (failure == null && response == null) {
      failure = new RequestNotExecutedException();
    }
    if (!body.isComplete()) {
      body.fail(new IOException("the connection has ended"));
    }
    output.release();
    answered.set();
  }

  // ---- called by the coroutine ----

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

  /** Sends the body and waits for the head of the response. */
  dev.goasync.http.HttpResponse await() throws IOException {
    if (request.hasBody()) {
      sendBody();
    }
    answered.await();
    Exception failed = failure;
    HttpResponse received = response;
    if (received == null) {
      if (failed instanceof RequestNotExecutedException) {
        throw new StaleConnectionException(
            request.origin().toString(), new IOException(failed.getMessage(), failed));
      }
      throw new IOException(
          request + ": " + (failed == null ? "ended" : failed.getMessage()), failed);
    }
    return new dev.goasync.http.HttpResponse(
        received.getCode(),
        "HTTP/2",
        new Headers(received.getHeaders()),
        new Body(),
        this::abandon);
  }

  private void sendBody() throws IOException {
    try {
      output.awaitHead();
      InputStream source = request.stream();
      if (source == null) {
        output.finishWhole();
        return;
      }
      byte[] part = new byte[PART_BYTES];
      for (int count; (count = source.read(part)) >= 0; ) {
        output.write(ByteBuffer.wrap(part, 0, count));
      }
      output.end();
    } catch (IOException ended) {
      if (!output.isReleased() && response == null) {
        throw ended;
      }
      // the response, or the failure of the stream, says the reason
    }
  }

  /** Ends the stream if it has not ended. */
  void abandon() throws IOException {
    abandoned = true;
    Cancellable target = stream;
    boolean complete = body.isComplete() && output.isEnded();
    if (target != null && !output.isReleased() && !complete && target.cancel()) {
      pump.abort(streamId);
    }
  }

  /** Returns what gets the stream when the multiplexer has made it. */
  CancellableDependency dependency() {
    return new Dependency();
  }

  /** Keeps the stream of this request. */
  private final class Dependency implements CancellableDependency {
    @Override
    public void setDependency(Cancellable made) {
      stream = made;
    }

    @Override
    public boolean isCancelled() {
      return abandoned;
    }

    @Override
    public boolean cancel() {
      return false;
    }
  }

  /** The body of the response, whose close ends the stream. */
  private final class Body extends InputStream {
    @Override
    public int read() throws IOException {
      return body.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return body.read(target, offset, length);
    }

    @Override
    public int available() {
      return body.available();
    }

    @Override
    public void close() throws IOException {
      abandon();
    }
  }
}
