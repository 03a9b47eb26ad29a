package dev.goasync.inspector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the inspector serves, how it starts, and that it leaves the program alone. */
@Timeout(60)
final class InspectorTest {
  private static Inspector quiet() throws Exception {
    return Inspector.with().printUrl(false).start();
  }

  @Test
  void eventsHaveTheDumpWithTurnsAndAges() throws Exception {
    try (Inspector inspector = quiet();
        EventLoop loop = EventLoop.start("watched")) {
      Task<?> waiting = loop.goAsync("sleeper </script>", () -> GoAsync.sleep(Duration.ofHours(1)));
      String event = new HttpClientOfTest(inspector.url()).firstEvent();
      assertThat(event)
          .contains("\"name\":\"watched\"", "\"name\":\"sleeper \\u003c/script\\u003e\"")
          .contains("\"turnTimes\":{\"measured\":", "\"ages\":{\"", "\"descriptors\":{\"counts\":")
          .doesNotContain("goasync-inspector", "</script>");
      waiting.cancel("the test is over");
    }
  }

  @Test
  void aTaskIsServedWithItsStack() throws Exception {
    try (Inspector inspector = quiet();
        EventLoop loop = EventLoop.start("watched")) {
      Task<?> waiting = loop.goAsync("sleeper", () -> GoAsync.sleep(Duration.ofHours(1)));
      long id = loop.goAsync(() -> loop.dump().loops().getFirst().tasks().getFirst().id()).await();
      HttpClientOfTest client = new HttpClientOfTest(inspector.url());
      String target = "GET /task?id=" + id + "&token=" + client.token();
      assertThat(client.send(HttpClientOfTest.head(target, client.host())).body())
          .contains("at dev.goasync.GoAsync.sleep(", "InspectorTest.lambda$");
      assertThat(client.get("/task").status()).isEqualTo(404);
      waiting.cancel("the test is over");
    }
  }

  @Test
  void dumpsCanBeDownloaded() throws Exception {
    try (Inspector inspector = quiet()) {
      HttpClientOfTest client = new HttpClientOfTest(inspector.url());
      assertThat(client.get("/dump.json").headers("content-disposition").getFirst())
          .isEqualTo("attachment; filename=\"goasync-dump.json\"");
      assertThat(client.get("/dump.json").body()).startsWith("{\"time\":\"");
      assertThat(client.get("/dump.txt").body()).startsWith("dump of ");
    }
  }

  @Test
  void aPortThatIsInUseIsRefused() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Inspector.with().port(taken.getLocalPort()).start())
          .isInstanceOf(BindException.class);
    }
  }

  @Test
  void aWrongOptionIsRefused() {
    assertThatThrownBy(() -> Inspector.with().port(65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port must be in 0..65535: 65536");
    assertThatThrownBy(() -> Inspector.with().token("short"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Inspector.with().interval(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Inspector.with().longTurn(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closingEndsThePagesAndMayBeRepeated() throws Exception {
    Inspector inspector = quiet();
    inspector.close();
    inspector.close();
    assertThat(inspector).hasToString("Inspector[port " + inspector.port() + ", closed]");
  }

  // ---- by the system property, in a program of its own ----

  /** Runs until its standard input ends. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      GoAsync.goAsync(() -> 1).await();
      int end = System.in.read();
      System.out.println("over: " + end);
    }
  }

  @Test
  void thePropertyStartsOneThatDoesNotKeepTheProgramAlive() throws Exception {
    try (ChildProgram program = ChildProgram.start(Program.class, "-Dgoasync.inspector=0")) {
      String line = program.errorLineWith("GoAsync inspector: ");
      URI url = URI.create(line.substring(line.indexOf("http")));
      assertThat(new HttpClientOfTest(url).get("/").status()).isEqualTo(200);
      assertThat(program.end()).isZero();
    }
  }

  @Test
  void aPortThatIsInUseIsLoggedAndTheProgramRuns() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ChildProgram program =
            ChildProgram.start(Program.class, "-Dgoasync.inspector=" + taken.getLocalPort())) {
      assertThat(program.errorLineWith("has no effect")).contains("could not listen on port");
      assertThat(program.end()).isZero();
    }
  }
}
