package dev.goasync.interop.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kafka's producer, which has a thread of its own, and its consumer, which has none. */
@Timeout(120)
@SuppressWarnings("FutureReturnValueIgnored") // of a send, whose callback reports its end
final class KafkaTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Producer<String, String> producer(String servers) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer());
  }

  static Consumer<String, String> consumer(String servers) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest"),
        new StringDeserializer(),
        new StringDeserializer());
  }

  static RecordMetadata send(
      Producer<String, String> producer, ProducerRecord<String, String> record) {
    CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
    producer.send(
        record,
        (metadata, failure) -> {
          if (failure == null) {
            sent.complete(metadata);
          } else {
            sent.completeExceptionally(failure);
          }
        });
    return Task.from(sent).await();
  }

  // guide: end

  private static void awaitRecord(String servers, String topic) {
    try (Consumer<String, String> consumer = consumer(servers)) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      consumer.poll(Duration.ofMinutes(1));
    }
  }

  private static Set<String> valuesOf(String servers, String topic, int count) {
    Set<String> values = new HashSet<>();
    try (Consumer<String, String> consumer = consumer(servers)) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      while (values.size() < count) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }

  @Test
  void manyCoroutinesSend() throws Exception {
    String servers = "127.0.0.1:" + Servers.kafka();
    one.run(() -> {
      try (Producer<String, String> producer = producer(servers)) {
        GoAsync.awaitAll(
            OneLoop.startMany(
                number -> send(producer, new ProducerRecord<>("sent", "number" + number))));
      }
    });
  }

  @Test
  void aCancelEndsThePollOfOneConsumer() throws Exception {
    Modes.assumeFullMode("a poll blocks the loop");
    String servers = "127.0.0.1:" + Servers.kafka();
    one.run(() -> {
      try (Producer<String, String> producer = producer(servers)) {
        Throwable failure =
            Rounds.withCut(
                number -> send(producer, new ProducerRecord<>("numbers", "number" + number)),
                () -> awaitRecord(servers, "silence"));
        assertThat(failure).isInstanceOf(InterruptException.class);
        List<Task<Set<String>>> consumers =
            OneLoop.start(5, _ -> valuesOf(servers, "numbers", Rounds.USERS));
        for (Task<Set<String>> consumer : consumers) {
          assertThat(consumer.await()).hasSize(Rounds.USERS).contains("number7");
        }
      }
    });
  }
}
