package dev.goasync.interop.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cache of Caffeine whose loaders are coroutines. */
@Timeout(60)
final class CaffeineTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static <V> AsyncLoadingCache<Integer, V> cache(CacheLoader<Integer, V> loader, EventLoop loop) {
    return Caffeine.newBuilder().maximumSize(1_000).executor(loop.executor()).buildAsync(loader);
  }

  static <V> V get(AsyncLoadingCache<Integer, V> cache, Integer key) {
    return Task.from(cache.get(key)).await();
  }

  // guide: end

  @Test
  void aCancelEndsOneWaitButNotTheLoad() throws Exception {
    one.run(() -> {
      var end = new CompletableFuture<String>();
      var loads = new AtomicInteger();
      AsyncLoadingCache<Integer, String> cache =
          cache(
              key -> {
                loads.incrementAndGet();
                GoAsync.yield();
                return key < 0 ? Task.from(end).await() : "value" + key;
              },
              one.loop());
      Throwable failure =
          Rounds.withCut(
              number -> {
                assertThat(get(cache, number)).isEqualTo("value" + number);
                return number;
              },
              () -> get(cache, -1));
      assertThat(failure).isInstanceOf(CancellationException.class);
      end.complete("late");
      assertThat(get(cache, -1)).isEqualTo("late");
      assertThat(loads).hasValue(Rounds.USERS + 1);
    });
  }

  /** The loader runs inside a lock of the cache's map, which other coroutines wait for. */
  @Test
  void aLoaderMayPauseInsideTheMap() throws Exception {
    Modes.assumeFullMode("a coroutine that waits for the lock of the map blocks the loop");
    one.run(() -> {
      LoadingCache<Integer, String> cache =
          Caffeine.newBuilder()
              .executor(one.loop().executor())
              .build(key -> {
                GoAsync.sleep(Duration.ofNanos(1));
                return "value" + key;
              });
      GoAsync.awaitAll(OneLoop.startMany(number -> cache.get(number % 5)));
    });
  }
}
