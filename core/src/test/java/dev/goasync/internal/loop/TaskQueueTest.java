package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The ring buffer behind the ready queue. */
final class TaskQueueTest {
  private final TaskQueue queue = new TaskQueue();

  private record Numbered(int number) implements Runnable {
    @Override
    public void run() {}
  }

  @Test
  void agreesWithAModelWhileItGrowsAndWraps() {
    Random random = new Random(7);
    ArrayDeque<Runnable> model = new ArrayDeque<>();
    for (int i = 0; i < 100_000; i++) {
      int choice = random.nextInt(100);
      if (choice < 52 || model.isEmpty()) {
        Numbered task = new Numbered(i);
        queue.add(task);
        model.add(task);
      } else if (choice < 98) {
        assertThat(queue.peek()).isSameAs(model.peek());
        assertThat(queue.remove()).isSameAs(model.remove());
      } else {
        List<Runnable> all = new ArrayList<>(model);
        Runnable any = all.get(random.nextInt(all.size()));
        assertThat(queue.remove(any)).isTrue();
        assertThat(queue.remove(any)).isFalse();
        model.removeFirstOccurrence(any);
      }
      assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
    }
    while (!model.isEmpty()) {
      assertThat(queue.remove()).isSameAs(model.remove());
    }
  }

  @Test
  void anEmptyQueueHasNoTaskToRemove() {
    assertThat(queue.peek()).isNull();
    assertThatThrownBy(queue::remove).isInstanceOf(IllegalStateException.class);
  }
}
