package dev.goasync.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testkit.Waiting;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many connections that wait for bytes: the memory they hold, and the bytes they receive. */
@Conformance
final class WaitingReadersTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int CONNECTIONS = 300;

  /** Both ends of each connection. */
  private record Pair(AsyncSocket here, AsyncSocket there) {}

  private interface Body {
    void run(List<Pair> pairs) throws Exception;
  }

  private static void withPairs(int count, Body body) throws Exception {
    List<Pair> pairs = new ArrayList<>();
    try (var server = AsyncServerSocket.listen(LOOPBACK)) {
      for (int i = 0; i < count; i++) {
        AsyncSocket here = AsyncSocket.connect(server.localAddress());
        pairs.add(new Pair(here, server.accept()));
      }
      body.run(pairs);
    } finally {
      for (Pair pair : pairs) {
        pair.here.close();
        pair.there.close();
      }
    }
  }

  private static long directMemory() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 100_000})
  void waitingReadersWithHeapBuffersHoldNoNativeMemory(int room) throws Exception {
    String without = System.getProperty("goasync.uring.without", "");
    Differences.assume(
        !without.equals("all") && !without.contains("receiveBuffers"), "memory of waiting reads");
    Caller.COROUTINE.run(() ->
        withPairs(
            CONNECTIONS,
            pairs -> {
              long before = directMemory();
              List<Task<Integer>> reads = new ArrayList<>();
              for (Pair pair : pairs) {
                reads.add(GoAsync.goAsync(() -> pair.here.read(ByteBuffer.allocate(room))));
              }
              Waiting.forATurn();
              assertThat(directMemory() - before).isLessThan(CONNECTIONS * 1000L);
              for (Pair pair : pairs) {
                pair.there.close();
              }
              assertThat(GoAsync.awaitAll(reads)).allMatch(count -> count == -1);
            }));
  }

  /** More connections become readable at once than there are receive buffers. */
  @ParameterizedTest
  @ValueSource(ints = {100, 100_000})
  void allReadersReceiveTheirBytes(int room) throws Exception {
    Caller.COROUTINE.run(() ->
        withPairs(
            CONNECTIONS,
            pairs -> {
              for (int round = 0; round < 3; round++) {
                List<Task<String>> reads = new ArrayList<>();
                for (Pair pair : pairs) {
                  ByteBuffer buffer = ByteBuffer.allocate(room);
                  reads.add(
                      GoAsync.goAsync(() -> {
                        int count = pair.here.read(buffer);
                        return new String(buffer.array(), 0, count, US_ASCII);
                      }));
                }
                Waiting.forATurn();
                List<String> sent = new ArrayList<>();
                for (int i = 0; i < pairs.size(); i++) {
                  sent.add("for number " + i + " in round " + round);
                  pairs.get(i).there.writeAll(sent.get(i));
                }
                assertThat(GoAsync.awaitAll(reads)).isEqualTo(sent);
              }
            }));
  }
}
