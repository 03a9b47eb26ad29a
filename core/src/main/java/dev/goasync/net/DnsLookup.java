package dev.goasync.net;

import dev.goasync.Task;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call of the JDK's blocking resolver, made only here. It does not heed interrupts and may take
 * minutes, so coroutines do not wait for its end as they do for that of {@code offload}, whose
 * threads it must not use up either; and one call serves all who ask for its host meanwhile.
 *
 * @param addresses empty if it failed
 */
record DnsLookup(String host, List<InetAddress> addresses, @Nullable Throwable failure) {
  private static final int MAX_AT_ONCE = 64;
  private static final int IDLE_SECONDS = 10;

  /** By host. Any thread. */
  private static final ConcurrentMap<String, CompletableFuture<DnsLookup>> UNDER_WAY =
      new ConcurrentHashMap<>();

  /** Made at the first use. */
  private static final class Pool {
    static final ThreadPoolExecutor EXECUTOR =
        new ThreadPoolExecutor(
            MAX_AT_ONCE,
            MAX_AT_ONCE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("goasync-names-", 1).factory());

    static {
      EXECUTOR.allowCoreThreadTimeOut(true);
    }

    private Pool() {}
  }

  /** Blocks the thread. */
  static DnsLookup here(String host) {
    try {
      return new DnsLookup(host, List.of(InetAddress.getAllByName(host)), null);
    } catch (UnknownHostException | RuntimeException | Error failed) {
      return new DnsLookup(host, List.of(), failed);
    }
  }

  /** Pauses the coroutine until the look-up that is under way, or was begun for it, has ended. */
  static DnsLookup shared(String host) {
    CompletableFuture<DnsLookup> ended = UNDER_WAY.get(host);
    if (ended == null) {
      CompletableFuture<DnsLookup> begun = new CompletableFuture<>();
      ended = UNDER_WAY.putIfAbsent(host, begun);
      if (ended == null) {
        ended = begun;
        begin(host, begun);
      }
    }
    return Task.from(ended).await();
  }

  private static void begin(String host, CompletableFuture<DnsLookup> begun) {
    try {
      Pool.EXECUTOR.execute(() -> end(here(host), begun));
    } catch (Error noThread) {
      end(new DnsLookup(host, List.of(), noThread), begun);
    }
  }

  private static void end(DnsLookup lookUp, CompletableFuture<DnsLookup> ended) {
    UNDER_WAY.remove(lookUp.host);
    ended.complete(lookUp);
  }

  /** Throws a new exception for each who asks. */
  List<InetAddress> result() throws UnknownHostException {
    Throwable thrown = failure;
    if (thrown == null) {
      return addresses;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    String said = thrown.getMessage();
    String message = said == null ? host : said.contains(host) ? said : host + ": " + said;
    var named = new UnknownHostException(message);
    named.initCause(thrown);
    throw named;
  }
}
