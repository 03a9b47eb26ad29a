package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testkit.Waiting;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lock for coroutines and threads, in the order of arrival. */
@Timeout(20)
final class FifoLockTest {
  private final FifoLock lock = new FifoLock("the lock");

  @Test
  void grantsInTheOrderOfArrival() throws Exception {
    List<Integer> order = new ArrayList<>(); // guarded by lock
    Caller.COROUTINE.run(() -> {
      lock.acquire();
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int number = i;
        tasks.add(
            GoAsync.goAsync(() -> {
              lock.acquire();
              order.add(number);
              lock.release();
            }));
        Waiting.forATurn();
      }
      assertThat(lock.tryAcquire()).isFalse();
      lock.release();
      for (Task<?> task : tasks) {
        task.await();
      }
    });
    assertThat(order).containsExactly(0, 1, 2, 3, 4);
    assertThat(lock.tryAcquire()).isTrue();
  }

  @Test
  void cancelledWaiterDoesNotGetTheLock() throws Exception {
    Caller.COROUTINE.run(() -> {
      lock.acquire();
      Task<?> second = GoAsync.goAsync(lock::acquire);
      Task<?> third = GoAsync.goAsync(lock::acquire);
      Waiting.forATurn();
      second.cancel();
      assertThatThrownBy(second::await).isInstanceOf(CancellationException.class);
      lock.release();
      third.await();
      Task<?> fourth = GoAsync.goAsync(lock::acquire);
      Waiting.forATurn();
      lock.release(); // grants the lock to the fourth, which is cancelled before it has run
      fourth.cancel();
      Caller.settle(fourth);
      if (!fourth.isCancelled()) {
        lock.release();
      }
      lock.acquire();
    });
  }

  @Test
  void freeLockIsAcquiredInSpiteOfACancel() throws Exception {
    Caller.COROUTINE.run(() -> {
      List<Task<?>> self = new ArrayList<>();
      AtomicBoolean acquired = new AtomicBoolean();
      self.add(
          GoAsync.goAsync(() -> {
            self.getFirst().cancel();
            lock.acquire();
            acquired.set(true);
            lock.release();
          }));
      Caller.settle(self.getFirst());
      assertThat(acquired).isTrue();
    });
  }

  @Test
  void interruptEndsTheWaitOfAThread() throws Exception {
    lock.acquire();
    Thread.currentThread().interrupt();
    assertThatThrownBy(lock::acquire)
        .isInstanceOf(InterruptedIOException.class)
        .hasMessageContaining("the lock");
    assertThat(Thread.interrupted()).isTrue();
    lock.release();
    assertThat(lock.tryAcquire()).isTrue();
  }
}
