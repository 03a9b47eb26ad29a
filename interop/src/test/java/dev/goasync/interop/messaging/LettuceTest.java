package dev.goasync.interop.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Task;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lettuce, which has threads of its own and returns futures. */
@Timeout(120)
final class LettuceTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  /** Waits for an answer; a cancel of the coroutine cancels the command. */
  static <T> T await(RedisFuture<T> answer) {
    Task<T> task = Task.from(answer);
    try {
      return task.await();
    } finally {
      task.cancel(); // has no effect on a task that has ended
    }
  }

  // guide: end

  private static int exchange(RedisAsyncCommands<String, String> redis, int number) {
    await(redis.set("number" + number, "n" + number));
    assertThat(await(redis.get("number" + number))).isEqualTo("n" + number);
    return number;
  }

  @Test
  void aConnectionSurvivesTheCancelOfOneOfItsUsers() throws Exception {
    int port = Servers.redis();
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
    try {
      one.run(() -> {
        try (StatefulRedisConnection<String, String> shared = client.connect();
            StatefulRedisConnection<String, String> waiting = client.connect()) {
          Throwable failure =
              Rounds.withCut(
                  number -> exchange(shared.async(), number),
                  () -> await(waiting.async().blpop(60, "nothing")));
          assertThat(failure).isInstanceOf(CancellationException.class);
          assertThat(shared.isOpen()).isTrue();
        }
      });
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(10));
    }
  }
}
