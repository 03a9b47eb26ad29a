package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TimerQueueTest {
  private final TimerQueue queue = new TimerQueue();
  private final List<Note> fired = new ArrayList<>();

  private final class Note extends LoopTimer {
    @Override
    protected void fire() {
      fired.add(this);
    }
  }

  private Note add(long deadline) {
    Note note = new Note();
    queue.add(note, deadline);
    return note;
  }

  @Test
  void fireInOrderOfTheirDeadlines() {
    Note late = add(30);
    Note early = add(10);
    Note middle = add(20);
    assertThat(queue.earliest()).isEqualTo(10);
    assertThat(queue.fireUntil(30)).isEqualTo(3);
    assertThat(fired).containsExactly(early, middle, late);
  }

  @Test
  void equalDeadlinesFireInTheOrderOfAdding() {
    List<Note> added = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      added.add(add(7));
    }
    queue.fireUntil(7);
    assertThat(fired).isEqualTo(added);
  }

  @Test
  void fireOnlyWhatIsDue() {
    Note due = add(10);
    add(11);
    assertThat(queue.fireUntil(10)).isEqualTo(1);
    assertThat(fired).containsExactly(due);
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void cancelledNeverFires() {
    Note kept = add(10);
    Note cancelled = add(10);
    assertThat(queue.cancel(cancelled)).isTrue();
    assertThat(queue.cancel(cancelled)).isFalse();
    queue.fireUntil(10);
    assertThat(fired).containsExactly(kept);
    assertThat(queue.cancel(kept)).isFalse();
  }

  @Test
  void queuedTimerCannotBeAddedTwice() {
    Note note = add(1);
    assertThatThrownBy(() -> queue.add(note, 2)).isInstanceOf(IllegalStateException.class);
    queue.fireUntil(1);
    queue.add(note, 2);
    assertThat(queue.fireUntil(2)).isEqualTo(1);
  }

  @Test
  void selfRearmingTimerFiresOnceARound() {
    int[] count = {0};
    LoopTimer rearming =
        new LoopTimer() {
          @Override
          protected void fire() {
            count[0]++;
            queue.add(this, 0);
          }
        };
    queue.add(rearming, 0);
    assertThat(queue.fireUntil(5)).isEqualTo(1);
    assertThat(queue.fireUntil(5)).isEqualTo(1);
    assertThat(count[0]).isEqualTo(2);
  }

  @Test
  void timerAddedWhileFiringWaitsWithoutHoldingUpOlderOnes() {
    queue.add(
        new LoopTimer() {
          @Override
          protected void fire() {
            add(0);
          }
        },
        1);
    Note older = add(2);
    queue.fireUntil(5);
    queue.fireUntil(5);
    assertThat(fired).contains(older).hasSize(2);
    assertThat(queue.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 500, Long.MIN_VALUE + 3, -200})
  void agreesWithANaiveModelAlsoWhereNanoTimeWrapsRound(long origin) {
    var random = new SplittableRandom(origin + 42);
    List<Note> model = new ArrayList<>(); // in the order of adding
    long now = origin;
    for (int step = 0; step < 20_000; step++) {
      int dice = random.nextInt(10);
      if (dice < 5) {
        model.add(add(now + random.nextInt(100)));
      } else if (dice < 8 && !model.isEmpty()) {
        assertThat(queue.cancel(model.remove(random.nextInt(model.size())))).isTrue();
      } else {
        now += random.nextInt(30);
        expectFired(model, now, origin);
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
    expectFired(model, now + 100, origin);
    assertThat(queue.size()).isZero();
  }

  private void expectFired(List<Note> model, long now, long origin) {
    List<Note> due = new ArrayList<>(model);
    due.removeIf(note -> note.deadline - now > 0);
    due.sort(Comparator.comparingLong((Note note) -> note.deadline - origin));
    fired.clear();
    assertThat(queue.fireUntil(now)).isEqualTo(due.size());
    assertThat(fired).isEqualTo(due);
    model.removeAll(due);
  }

  @Test
  void millionEntriesFireInOrder() {
    int count = 1_000_000;
    var random = new SplittableRandom(1);
    List<Note> added = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      added.add(add(random.nextLong(1_000_000_000L)));
    }
    for (int i = 0; i < count; i += 2) {
      queue.cancel(added.get(i));
    }
    assertThat(queue.fireUntil(1_000_000_000L)).isEqualTo(count / 2);
    for (int i = 1; i < fired.size(); i++) {
      if (fired.get(i - 1).deadline > fired.get(i).deadline) {
        throw new AssertionError("out of order at " + i);
      }
    }
  }
}
