package dev.goasync.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.interop.OneLoop;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat: its servlets run in coroutines. */
@Timeout(60)
final class TomcatTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  @TempDir Path dir;

  // guide: begin
  static Tomcat start(HttpServlet servlet, int port, Path directory, EventLoop loop)
      throws LifecycleException {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(directory.toString());
    tomcat.setPort(port);
    tomcat.getConnector().getProtocolHandler().setExecutor(loop.executor());
    Context context = tomcat.addContext("", directory.toString());
    Tomcat.addServlet(context, "servlet", servlet).addMapping("/");
    tomcat.start();
    return tomcat;
  }

  // guide: end

  /** Answers by the query. */
  private static final class Echo extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient Visitors visitors;

    Echo(Visitors visitors) {
      this.visitors = visitors;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      visitors.handle(request.getQueryString());
      response.getWriter().write(request.getQueryString());
    }
  }

  @Test
  void servletsRunInCoroutines() throws Exception {
    var visitors = new Visitors(one.loop());
    Tomcat tomcat = start(new Echo(visitors), 0, dir, one.loop());
    try {
      String url = "http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/";
      one.run(() -> assertThat(visitors.visit(url)).isInstanceOf(IOException.class));
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }
}
