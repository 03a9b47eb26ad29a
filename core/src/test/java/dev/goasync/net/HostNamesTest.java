package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.ScriptedHostNames;
import dev.goasync.testkit.Waiting;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Look-ups with a resolver that blocks as long as the test needs. */
@Conformance
final class HostNamesTest {
  private static final AtomicInteger HOSTS = new AtomicInteger();
  private static final InetAddress FOUND = InetAddress.ofLiteral("192.0.2.7");

  private final CountDownLatch answer = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicInteger times = new AtomicInteger();

  @AfterEach
  void noCallIsLeftInTheResolver() {
    answer.countDown();
  }

  /** A new name each time, because the JDK caches the results of earlier tests. */
  private static String newHost() {
    return "host-" + HOSTS.incrementAndGet() + ".scripted";
  }

  private String silentHost() {
    String host = newHost();
    ScriptedHostNames.script(
        host,
        () -> {
          times.incrementAndGet();
          asked.countDown();
          if (Thread.currentThread().isVirtual()) { // the latch must block a platform thread
            throw new IllegalStateException("the resolver would block a loop");
          }
          answer.await();
          return Stream.of(FOUND);
        });
    return host;
  }

  @ParameterizedTest
  @EnumSource
  void findsAllAddresses(Caller caller) throws Exception {
    String host = newHost();
    InetAddress other = InetAddress.ofLiteral("2001:db8::7");
    ScriptedHostNames.script(host, () -> Stream.of(FOUND, other));
    caller.run(() -> {
      assertThat(HostNames.resolve(host)).containsExactly(FOUND, other);
      assertThat(HostNames.resolve("")).containsExactly(InetAddress.getLoopbackAddress());
    });
  }

  @Test
  void loopContinuesDuringALookup() throws Exception {
    String host = silentHost();
    Caller.COROUTINE.run(() -> {
      Task<List<InetAddress>> resolving = GoAsync.goAsync(() -> HostNames.resolve(host));
      GoAsync.goAsync(answer::countDown).await();
      assertThat(resolving.await()).containsExactly(FOUND);
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "[::1]", ""})
  void literalsNeedNoLookup(String literal) throws Exception {
    Caller.COROUTINE.run(() -> {
      Task<?> other = GoAsync.goAsync(() -> {});
      assertThat(HostNames.resolve(literal).getFirst().isLoopbackAddress()).isTrue();
      assertThat(other.isCompleted()).as("another coroutine has run").isFalse();
      other.await();
    });
  }

  @Test
  void cancelEndsTheWaitWhileTheResolverBlocks() throws Exception {
    String host = silentHost();
    Caller.COROUTINE.run(() -> {
      Task<?> cancelled = GoAsync.goAsync(() -> HostNames.resolve(host));
      Task<List<InetAddress>> patient = GoAsync.goAsync(() -> HostNames.resolve(host));
      GoAsync.offload(() -> asked.await());
      cancelled.cancel();
      assertThatThrownBy(cancelled::await).isInstanceOf(CancellationException.class);
      assertThat(answer.getCount()).as("the resolver is still blocked").isOne();
      assertThat(patient.isCompleted()).isFalse();
      answer.countDown();
      assertThat(patient.await()).containsExactly(FOUND);
    });
    assertThat(times).hasValue(1);
  }

  @Test
  void timeoutOfAConnectIncludesTheLookup() {
    String host = silentHost();
    assertThatThrownBy(
            () -> Caller.COROUTINE.run(() -> AsyncSocket.connect(host, 1, Duration.ofMillis(5))))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining(host);
    assertThat(answer.getCount()).as("the resolver is still blocked").isOne();
  }

  @Test
  void concurrentCallersShareOneLookup() throws Exception {
    String host = silentHost();
    Caller.COROUTINE.run(() -> {
      List<Task<List<InetAddress>>> resolving = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        resolving.add(GoAsync.goAsync(() -> HostNames.resolve(host)));
      }
      Waiting.forATurn();
      Waiting.until(() -> asked.getCount() == 0);
      assertThat(threadsThatLookUp()).isOne();
      answer.countDown();
      assertThat(GoAsync.awaitAll(resolving)).containsOnly(List.of(FOUND));
    });
    assertThat(times).hasValue(1);
  }

  private static long threadsThatLookUp() {
    return Thread.getAllStackTraces().values().stream()
        .filter(stack ->
            Arrays.stream(stack)
                .anyMatch(frame -> frame.getClassName().equals(DnsLookup.class.getName())))
        .count();
  }

  @ParameterizedTest
  @EnumSource
  void exceptionNamesTheHost(Caller caller) throws Exception {
    String unknown = newHost();
    String broken = newHost();
    ScriptedHostNames.script(
        unknown,
        () -> {
          throw new UnknownHostException("unknown host");
        });
    ScriptedHostNames.script(
        broken,
        () -> {
          throw new IllegalStateException("scripted");
        });
    caller.run(() -> {
      assertThatThrownBy(() -> HostNames.resolve(unknown))
          .isInstanceOf(UnknownHostException.class)
          .hasMessage(unknown + ": unknown host");
      assertThatThrownBy(() -> HostNames.resolve(broken))
          .isInstanceOf(UnknownHostException.class)
          .hasMessage(broken);
      assertThatThrownBy(() -> HostNames.resolve("no such host"))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("no such host");
    });
  }

  static final class AsksTwice {
    public static void main(String[] arguments) throws Exception {
      AtomicInteger asked = new AtomicInteger();
      ScriptedHostNames.script(
          "cached.scripted",
          () -> {
            asked.incrementAndGet();
            return Stream.of(FOUND);
          });
      for (int i = 0; i < 2; i++) {
        Caller.COROUTINE.run(() -> HostNames.resolve("cached.scripted"));
      }
      System.out.println(asked);
    }
  }

  /** The setting also exists as a property of the security configuration. */
  @ParameterizedTest
  @CsvSource({"-1, 1", "0, 2"})
  void resultsAreCachedAsTheJdkIsConfigured(String seconds, String asked) throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(AsksTwice.class, "-Dsun.net.inetaddr.ttl=" + seconds);
    assertThat(ended.assertSuccess().out().strip()).isEqualTo(asked);
  }
}
