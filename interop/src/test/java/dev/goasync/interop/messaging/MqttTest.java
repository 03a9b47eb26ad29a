package dev.goasync.interop.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Task;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import dev.goasync.interop.SilentServer;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Eclipse Paho's blocking MQTT client. */
@Timeout(120)
final class MqttTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static MqttClient connect(String url, String name) throws MqttException {
    MqttConnectOptions options = new MqttConnectOptions();
    options.setSocketFactory(new LoopSocketFactory());
    options.setMaxInflight(100); // 10 by default; each further publish throws MqttException
    MqttClient client = new MqttClient(url, name, new MemoryPersistence());
    client.connect(options);
    return client;
  }

  // guide: end

  private static int publishAndReceive(MqttClient client, int number) throws Exception {
    var received = new CompletableFuture<String>();
    String topic = "number/" + number;
    client.subscribe(topic, 1, (_, message) -> received.complete(message.toString()));
    client.publish(topic, Integer.toString(number).getBytes(UTF_8), 1, false);
    assertThat(Task.from(received).await()).isEqualTo(Integer.toString(number));
    client.unsubscribe(topic);
    return number;
  }

  @Test
  void aClientSurvivesTheCancelOfOneOfItsUsers() throws Exception {
    Modes.assumeFullMode("a wait for the client's threads blocks the loop");
    String url = "tcp://127.0.0.1:" + Servers.mosquitto();
    one.run(() -> {
      MqttClient client = connect(url, "shared");
      try (var silent = new SilentServer()) {
        Throwable failure =
            Rounds.withCut(
                number -> publishAndReceive(client, number),
                () -> connect("tcp://127.0.0.1:" + silent.port(), "stalled"));
        assertThat(failure).isInstanceOf(MqttException.class);
        assertThat(client.isConnected()).isTrue();
      } finally {
        client.disconnect();
        client.close();
      }
    });
  }
}
