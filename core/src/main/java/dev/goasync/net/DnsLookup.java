package dev.goasync.net;

import dev.goasync.Task;
import dev.goasync.internal.util.ElasticPool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The result of one call of the JDK's blocking resolver, which is called only here.
 *
 * <p>The resolver ignores interrupts and may take minutes. So it has threads of its own, which a
 * slow name server cannot take from {@code offload}, and a cancelled coroutine does not wait for
 * the call to end. Coroutines that look up the same host at the same time share one call.
 *
 * @param addresses empty if the look-up failed
 */
record DnsLookup(String host, List<InetAddress> addresses, @Nullable Throwable failure) {
  private static final int MAX_THREADS = 64;

  /** Calls that have not ended, by host. Any thread. */
  private static final ConcurrentMap<String, CompletableFuture<DnsLookup>> RUNNING =
      new ConcurrentHashMap<>();

  /** Created on first use. */
  private static final class Pool {
    static final ElasticPool THREADS =
        new ElasticPool(
            MAX_THREADS,
            Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name("goasync-dns-", 1)
                .factory());

    private Pool() {}
  }

  /** Calls the resolver on the calling thread, which blocks. */
  static DnsLookup blocking(String host) {
    try {
      return new DnsLookup(host, List.of(InetAddress.getAllByName(host)), null);
    } catch (UnknownHostException | RuntimeException | Error failed) {
      return new DnsLookup(host, List.of(), failed);
    }
  }

  /** Pauses the coroutine until a look-up of the host has ended: a running one, or a new one. */
  static DnsLookup shared(String host) {
    CompletableFuture<DnsLookup> result = RUNNING.get(host);
    if (result == null) {
      CompletableFuture<DnsLookup> started = new CompletableFuture<>();
      result = RUNNING.putIfAbsent(host, started);
      if (result == null) {
        result = started;
        start(host, started);
      }
    }
    return Task.from(result).await();
  }

  private static void start(String host, CompletableFuture<DnsLookup> result) {
    try {
      Pool.THREADS.execute(() -> end(blocking(host), result));
    } catch (Error noThread) {
      end(new DnsLookup(host, List.of(), noThread), result);
    }
  }

  private static void end(DnsLookup lookup, CompletableFuture<DnsLookup> result) {
    RUNNING.remove(lookup.host);
    result.complete(lookup);
  }

  /** Returns the addresses, or throws a new exception, which no other caller gets. */
  List<InetAddress> result() throws UnknownHostException {
    Throwable thrown = failure;
    if (thrown == null) {
      return addresses;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    String reason = thrown.getMessage();
    String message = reason == null ? host : reason.contains(host) ? reason : host + ": " + reason;
    var named = new UnknownHostException(message);
    named.initCause(thrown);
    throw named;
  }
}
