#!/usr/bin/env bash
# Apache HttpCore 5.4.4 (httpcore5-h2): a request of HTTP/2 with a trailer section, and a response whose body is longer than a window.
# Guess: the trailers end the request; the response goes on as without them.
# Seen: they mark the response as complete, so the producer of its body is asked once, and the rest of the body is never sent.
. "$(dirname "$0")/lib.sh"
jars org.apache.httpcomponents.core5:httpcore5-h2:5.4.4 org.slf4j:slf4j-nop:2.0.17
program <<'JAVA'
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.*;
import org.apache.hc.core5.http.*;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.message.*;
import org.apache.hc.core5.http.nio.entity.*;
import org.apache.hc.core5.http.nio.support.*;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.*;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

class Program {
  public static void main(String[] args) throws Exception {
    byte[] large = new byte[300_000];
    HttpAsyncServer server =
        H2ServerBootstrap.bootstrap()
            .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2)
            .register("*", new org.apache.hc.core5.http.nio.AsyncServerRequestHandler<Message<HttpRequest, byte[]>>() {
              public org.apache.hc.core5.http.nio.AsyncRequestConsumer<Message<HttpRequest, byte[]>> prepare(
                  HttpRequest request, EntityDetails details, org.apache.hc.core5.http.protocol.HttpContext context) {
                return new BasicRequestConsumer<>(details == null ? null : new BasicAsyncEntityConsumer());
              }
              public void handle(Message<HttpRequest, byte[]> message, ResponseTrigger trigger,
                  org.apache.hc.core5.http.protocol.HttpContext context) throws HttpException, java.io.IOException {
                trigger.submitResponse(
                    AsyncResponseBuilder.create(200).setEntity(large, ContentType.APPLICATION_OCTET_STREAM).build(), context);
              }
            })
            .create();
    server.start();
    int port =
        ((InetSocketAddress) server.listen(new InetSocketAddress("localhost", 0), URIScheme.HTTP).get().getAddress()).getPort();
    var client = H2RequesterBootstrap.bootstrap().setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2).create();
    client.start();
    for (boolean trailers : new boolean[] {false, true}) {
      var text = new StringAsyncEntityProducer("ab", ContentType.TEXT_PLAIN);
      var body = trailers ? new AsyncEntityProducerWrapper(text) {
        public void produce(org.apache.hc.core5.http.nio.DataStreamChannel channel) throws java.io.IOException {
          super.produce(new org.apache.hc.core5.http.nio.DataStreamChannel() {
            public void requestOutput() { channel.requestOutput(); }
            public int write(java.nio.ByteBuffer source) throws java.io.IOException { return channel.write(source); }
            public void endStream() throws java.io.IOException { channel.endStream(java.util.List.of(new BasicHeader("x", "y"))); }
            public void endStream(java.util.List<? extends Header> all) throws java.io.IOException { channel.endStream(all); }
          });
        }
      } : text;
      var request = new BasicRequestProducer(new BasicHttpRequest("POST", new HttpHost("http", "localhost", port), "/"), body);
      var response = client.execute(request, new BasicResponseConsumer<>(new BasicAsyncEntityConsumer()), Timeout.ofSeconds(10), null);
      try {
        System.out.println("trailers " + trailers + ": " + response.get(5, TimeUnit.SECONDS).getBody().length + " bytes");
      } catch (TimeoutException never) {
        System.out.println("trailers " + trailers + ": no end of the response within 5 s");
      }
    }
    client.close(CloseMode.IMMEDIATE);
    server.close(CloseMode.IMMEDIATE);
  }
}
JAVA
expect <<'TEXT'
trailers false: 300000 bytes
trailers true: no end of the response within 5 s
TEXT
