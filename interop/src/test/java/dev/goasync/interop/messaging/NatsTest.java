package dev.goasync.interop.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.LoopDataPort;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client of NATS: requests and their answers by one connection. */
@Timeout(120)
final class NatsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Connection connect(String url) throws IOException, InterruptedException {
    Options options =
        new Options.Builder().server(url).dataPortType(LoopDataPort.class.getName()).build();
    return Nats.connect(options);
  }

  // guide: end

  private static int request(Connection connection, int number) throws InterruptedException {
    byte[] body = Integer.toString(number).getBytes(UTF_8);
    Message answer = connection.request("echo", body, LONG);
    assertThat(Objects.requireNonNull(answer, "no answer in time").getData()).isEqualTo(body);
    return number;
  }

  @Test
  void aConnectionSurvivesTheCancelOfOneOfItsUsers() throws Exception {
    Modes.assumeFullMode("an answer arrives by the client's threads, and the wait blocks the loop");
    String url = "nats://127.0.0.1:" + Servers.nats();
    one.run(() -> {
      Connection connection = connect(url);
      try {
        Dispatcher echo =
            connection.createDispatcher(
                message -> connection.publish(message.getReplyTo(), message.getData()));
        echo.subscribe("echo");
        connection.createDispatcher(_ -> {}).subscribe("silence");
        Throwable failure =
            Rounds.withCut(
                number -> request(connection, number),
                () -> connection.request("silence", new byte[0], LONG));
        assertThat(failure).isInstanceOf(InterruptedException.class);
        assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
      } finally {
        connection.close();
      }
    });
  }
}
