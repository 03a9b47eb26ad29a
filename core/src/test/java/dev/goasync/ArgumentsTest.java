package dev.goasync;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Wrong arguments are refused by an exception that names the argument. */
@Timeout(60)
@SuppressWarnings("NullAway") // nulls are the subject
final class ArgumentsTest {
  private static final Duration NEGATIVE = Duration.ofNanos(-1);

  private final Task<String> task = Task.from(new java.util.concurrent.CompletableFuture<>());

  private static void refusesNull(String argument, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(argument);
  }

  private static void refusesNegative(String argument, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(argument + " is negative");
  }

  @Test
  void nullBody() {
    refusesNull("body", () -> GoAsync.goAsync((Body<String, ?>) null));
    refusesNull("body", () -> GoAsync.goAsync((Action<?>) null));
    refusesNull("body", () -> GoAsync.goAsync("name", (Body<String, ?>) null));
    refusesNull("body", () -> GoAsync.goAsync("name", (Action<?>) null));
    refusesNull("body", () -> GoAsync.sync((Body<String, RuntimeException>) null));
    refusesNull("body", () -> GoAsync.sync((Action<RuntimeException>) null));
    refusesNull("body", () -> GoAsync.offload((Body<String, RuntimeException>) null));
    refusesNull("body", () -> GoAsync.offload((Action<RuntimeException>) null));
  }

  @Test
  void nullName() {
    refusesNull("name", () -> GoAsync.goAsync(null, () -> "value"));
    refusesNull("name", () -> EventLoop.start(null));
  }

  @Test
  void durations() {
    refusesNull("duration", () -> GoAsync.sleep(null));
    refusesNegative("duration", () -> GoAsync.sleep(NEGATIVE));
    refusesNull("timeout", () -> task.await(null));
    refusesNegative("timeout", () -> task.await(NEGATIVE));
    refusesNull("timeout", () -> GoAsync.awaitAll((Duration) null, List.of(task)));
    refusesNegative("timeout", () -> GoAsync.awaitAll(NEGATIVE, List.of(task)));
    refusesNull("timeout", () -> GoAsync.awaitAny((Duration) null, List.of(task)));
    refusesNegative("timeout", () -> GoAsync.awaitAny(NEGATIVE, List.of(task)));
  }

  @Test
  void nullTasks() {
    refusesNull("tasks", () -> GoAsync.awaitAll((List<Task<String>>) null));
    refusesNull("tasks", () -> GoAsync.awaitAny((List<Task<String>>) null));
    refusesNull("tasks", () -> GoAsync.awaitAll((Task<String>[]) null));
    refusesNull("tasks", () -> GoAsync.awaitAny((Task<String>[]) null));
    refusesNull("tasks[1]", () -> GoAsync.awaitAll(Arrays.asList(task, null)));
    refusesNull("tasks[1]", () -> GoAsync.awaitAny(Arrays.asList(task, null)));
  }

  @Test
  void nullsOfATask() {
    refusesNull("reason", () -> task.cancel(null));
    refusesNull("callback", () -> task.onCompletion(null));
    refusesNull("stage", () -> Task.from(null));
  }

  @Test
  void sizeOfAGroup() {
    assertThatThrownBy(() -> EventLoopGroup.start(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size");
  }
}
