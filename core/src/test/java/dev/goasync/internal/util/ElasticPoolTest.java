package dev.goasync.internal.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starts and reuse of threads. */
@Timeout(60)
final class ElasticPoolTest {
  private final Set<Thread> started = ConcurrentHashMap.newKeySet();
  private final ThreadFactory factory =
      work -> {
        Thread thread = Thread.ofPlatform().daemon().unstarted(work);
        started.add(thread);
        return thread;
      };

  /** Keeps threads of a pool busy until it is released. */
  private static final class Work {
    final CountDownLatch begun;
    final CountDownLatch release = new CountDownLatch(1);

    Work(ElasticPool pool, int count) throws InterruptedException {
      begun = new CountDownLatch(count);
      for (int i = 0; i < count; i++) {
        pool.execute(this::run);
      }
      begun.await();
    }

    private void run() {
      begun.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void anIdleThreadIsReused() throws Exception {
    ElasticPool pool = new ElasticPool(10, factory);
    for (int i = 0; i < 100; i++) {
      FutureTask<Thread> task = new FutureTask<>(Thread::currentThread);
      pool.execute(task);
      Thread worker = task.get();
      while (worker.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    }
    assertThat(started).hasSize(1);
  }

  @Test
  void threadsStartUpToTheMaximumAndFurtherTasksQueue() throws Exception {
    ElasticPool pool = new ElasticPool(4, factory);
    Work busy = new Work(pool, 4);
    assertThat(started).hasSize(4);
    List<Integer> ran = new CopyOnWriteArrayList<>();
    CountDownLatch all = new CountDownLatch(10);
    for (int i = 0; i < 10; i++) {
      int number = i;
      pool.execute(() -> {
        ran.add(number);
        all.countDown();
      });
    }
    assertThat(ran).isEmpty();
    busy.release.countDown();
    all.await();
    assertThat(ran).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(started).hasSize(4);
  }

  @Test
  void withoutALimitNoTaskQueues() throws Exception {
    Work busy = new Work(new ElasticPool(Integer.MAX_VALUE, factory), 50);
    assertThat(started).hasSize(50);
    busy.release.countDown();
  }

  /** Thrown by the factory, as the JDK's pool does not call an overridden {@code start}. */
  private static Thread refused() {
    throw new OutOfMemoryError("unable to create native thread, expected by this test");
  }

  @Test
  void ifTheSystemRefusesAThreadTheTaskQueuesForTheExistingOnes() throws Exception {
    ThreadFactory one = work -> started.isEmpty() ? factory.newThread(work) : refused();
    ElasticPool pool = new ElasticPool(10, one);
    Work busy = new Work(pool, 1);
    FutureTask<Thread> queued = new FutureTask<>(Thread::currentThread);
    pool.execute(queued);
    assertThat(queued.isDone()).isFalse();
    busy.release.countDown();
    assertThat(started).containsExactly(queued.get());
  }

  @Test
  void ifTheSystemRefusesTheFirstThreadTheCallerGetsTheError() {
    ElasticPool pool = new ElasticPool(10, _ -> refused());
    assertThatThrownBy(() -> pool.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("raise ulimit -u");
  }
}
