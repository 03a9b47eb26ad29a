package dev.goasync.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.interop.OneLoop;
import java.io.IOException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jetty's server: its handlers run in coroutines. */
@Timeout(60)
final class JettyServerTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Server server(Handler handler, int port, EventLoop loop) {
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setVirtualThreadsExecutor(loop.executor());
    Server server = new Server(threads);
    ServerConnector connector = new ServerConnector(server);
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(handler);
    return server;
  }

  // guide: end

  /** It is blocking, as {@code Handler.Abstract} is: Jetty calls it by the executor. */
  private static final class Echo extends Handler.Abstract {
    private final Visitors visitors;

    Echo(Visitors visitors) {
      this.visitors = visitors;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      String query = request.getHttpURI().getQuery();
      visitors.handle(query);
      Content.Sink.write(response, true, query, callback);
      return true;
    }
  }

  @Test
  void handlersRunInCoroutines() throws Exception {
    var visitors = new Visitors(one.loop());
    Server server = server(new Echo(visitors), 0, one.loop());
    server.start();
    try {
      String url =
          "http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + "/";
      one.run(() -> assertThat(visitors.visit(url)).isInstanceOf(IOException.class));
    } finally {
      server.stop();
    }
  }
}
