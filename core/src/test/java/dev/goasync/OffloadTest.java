package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.offload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(NoLeaks.class)
final class OffloadTest {
  private final EventLoop loop = EventLoop.start("offload test");

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void callInheritsNoThreadLocalsOfTheCoroutineThatStartedTheThread() {
    var user = new InheritableThreadLocal<String>();
    CountDownLatch allRun = new CountDownLatch(1);
    Set<String> seen = ConcurrentHashMap.newKeySet();
    loop.goAsync(
            () -> {
              user.set("alice");
              List<Task<?>> calls = new ArrayList<>();
              for (int i = 0; i < 40; i++) { // more than there are idle threads
                calls.add(
                    goAsync(() ->
                        offload(() -> {
                          seen.add(String.valueOf(user.get()));
                          allRun.await();
                        })));
              }
              GoAsync.yield();
              allRun.countDown();
              GoAsync.awaitAll(calls);
            })
        .await();
    assertThat(seen).containsExactly("null");
  }

  @Test
  void runsOnAThreadOfThePoolAndReturnsTheValue() throws Exception {
    Task<Thread> task = loop.goAsync(() -> offload(() -> Thread.currentThread()));
    Thread pool = task.await();
    assertThat(pool.isVirtual()).isFalse();
    assertThat(pool.isDaemon()).isTrue();
    assertThat(pool.getName()).startsWith("goasync-offload-");
  }

  @Test
  void outsideCoroutinesItJustRuns() throws Exception {
    assertThat(offload(() -> Thread.currentThread())).isSameAs(Thread.currentThread());
  }

  @Test
  void othersRunMeanwhile() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Task<?> offloading = loop.goAsync(() -> offload(() -> goOn.await()));
    loop.goAsync(goOn::countDown).await();
    offloading.await();
  }

  @Test
  void whatTheBodyThrowsComesOutAsItIs() throws Exception {
    List<Throwable> thrown =
        List.of(new IOException("checked"), new IllegalStateException("unchecked"));
    for (Throwable each : thrown) {
      Task<?> task =
          loop.goAsync(() ->
              assertThatThrownBy(() ->
                      offload(() -> {
                        throw (Exception) each;
                      }))
                  .isSameAs(each));
      task.await();
    }
    Task<?> error =
        loop.goAsync(() ->
            assertThatThrownBy(() ->
                    offload(() -> {
                      throw new AssertionError("an error");
                    }))
                .isInstanceOf(AssertionError.class));
    error.await();
  }

  @Test
  void cancelInterruptsTheBodyAndWaitsForItsEnd() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    Task<?> task =
        loop.goAsync(() ->
            offload(() -> {
              inside.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
              }
            }));
    inside.await();
    task.cancel("enough");
    assertThatThrownBy(task::await)
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("enough");
    assertThat(interrupted).isTrue();
  }

  @Test
  void completedWinsOverCancelled() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    Task<String> task =
        loop.goAsync(() ->
            offload(() -> {
              inside.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                return "done all the same";
              }
              return "never";
            }));
    inside.await();
    task.cancel();
    assertThat(task.await()).isEqualTo("done all the same");
  }

  /** The cancel strikes while the pool's thread is about to hand the result over. */
  @Test
  void bodyThatBeganAlwaysDeliversItsResult() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      AtomicBoolean ran = new AtomicBoolean();
      int delay = i % 100;
      Task<Boolean> task =
          loop.goAsync(() ->
              offload(() -> {
                ran.set(true);
                for (int spins = 0; spins < delay; spins++) {
                  Thread.onSpinWait();
                }
                return true;
              }));
      Task<?> canceller =
          loop.goAsync(() -> {
            while (!ran.get()) {
              Thread.onSpinWait();
            }
            task.cancel();
          });
      canceller.await();
      assertThat(task.await()).as("round %d", i).isTrue();
    }
  }

  @Test
  void bodyCancelledInTheQueueNeverRuns() throws Exception {
    int threads = Integer.getInteger("goasync.offloadThreads", 64);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(threads);
    List<Task<?>> blockers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      blockers.add(
          loop.goAsync(() ->
              offload(() -> {
                busy.countDown();
                release.await();
              })));
    }
    busy.await();
    AtomicBoolean ran = new AtomicBoolean();
    Task<?> queued = loop.goAsync(() -> offload(() -> ran.set(true)));
    loop.goAsync(() -> {}).await();
    queued.cancel();
    assertThatThrownBy(queued::await).isInstanceOf(CancellationException.class);
    release.countDown();
    GoAsync.awaitAll(blockers);
    goAsync(() -> offload(() -> {})).await();
    assertThat(ran).isFalse();
  }

  @Test
  void oneCallAfterTheOtherNeedsFewThreads() throws Exception {
    Set<Thread> threads = new HashSet<>();
    goAsync(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                threads.add(offload(() -> Thread.currentThread()));
              }
            })
        .await();
    assertThat(threads).hasSizeLessThan(Integer.getInteger("goasync.offloadThreads", 64) / 2);
  }
}
