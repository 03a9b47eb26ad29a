package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.NoLeaks;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Order and times of the attempts, and the end of the losing ones, on a virtual clock. */
@Timeout(60)
final class HappyEyeballsTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final List<String> events = new ArrayList<>();
  private final List<Connection> made = new ArrayList<>();

  private static final class Connection implements Closeable {
    final int port;
    boolean closed;

    Connection(int port) {
      this.port = port;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** How the address with a given port answers: after which time, and whether it refuses. */
  private record Answer(int port, Duration after, boolean refuses) {}

  private static Answer accepts(int port, Duration after) {
    return new Answer(port, after, false);
  }

  private static Answer refuses(int port, Duration after) {
    return new Answer(port, after, true);
  }

  private static Duration millis(long count) {
    return Duration.ofMillis(count);
  }

  private Connection connect(TestLoop loop, Answer... answers) throws IOException {
    return new HappyEyeballs<>(
            remote -> {
              Answer answer = List.of(answers).get(remote.getPort() - 1);
              Duration begun = loop.elapsed();
              events.add(answer.port() + " at " + begun.toMillis());
              try {
                GoAsync.sleep(answer.after());
              } catch (CancellationException cancelled) {
                events.add(answer.port() + " cancelled");
                throw cancelled;
              }
              if (answer.refuses()) {
                throw new ConnectException("refused by " + answer.port());
              }
              made.add(new Connection(answer.port()));
              return made.getLast();
            })
        .connect(addresses(List.of(answers).stream().mapToInt(Answer::port).toArray()));
  }

  private int winner(Answer... answers) throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      var winner = new AtomicInteger();
      loop.run(() -> winner.set(connect(loop, answers).port));
      return winner.get();
    }
  }

  @Test
  void onlyTheFirstAddressIsTriedIfItAnswersWithinItsHeadStart() throws Exception {
    assertThat(winner(accepts(1, millis(249)), accepts(2, millis(0)))).isEqualTo(1);
    assertThat(events).containsExactly("1 at 0");
  }

  @Test
  void silentAddressIsCancelledWhenALaterOneConnects() throws Exception {
    assertThat(winner(accepts(1, FOR_EVER), accepts(2, FOR_EVER), accepts(3, millis(10))))
        .isEqualTo(3);
    assertThat(events)
        .containsExactly("1 at 0", "2 at 250", "3 at 500", "1 cancelled", "2 cancelled");
  }

  @Test
  void slowAddressCanWinWhileTheNextIsTried() throws Exception {
    assertThat(winner(accepts(1, millis(300)), accepts(2, millis(100)), accepts(3, millis(0))))
        .isEqualTo(1);
    assertThat(events).containsExactly("1 at 0", "2 at 250", "2 cancelled");
  }

  @Test
  void refusalStartsTheNextAttemptAtOnce() throws Exception {
    assertThat(winner(refuses(1, millis(20)), accepts(2, millis(5)))).isEqualTo(2);
    assertThat(events).containsExactly("1 at 0", "2 at 20");
  }

  @Test
  void firstRefusalIsThrownWithTheRestSuppressed() {
    assertThatThrownBy(
            () -> winner(refuses(1, millis(600)), refuses(2, millis(0)), refuses(3, millis(1))))
        .isInstanceOf(ConnectException.class)
        .hasMessage("refused by 2")
        .satisfies(failure ->
            assertThat(failure.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("refused by 3", "refused by 1"));
  }

  @Test
  void secondOfTwoSimultaneousConnectionsIsClosed() throws Exception {
    assertThat(winner(accepts(1, millis(260)), accepts(2, millis(10)))).isEqualTo(1);
    assertThat(made).extracting(connection -> connection.port).containsExactly(1, 2);
    assertThat(made).extracting(connection -> connection.closed).containsExactly(false, true);
  }

  /** The cancel comes after an attempt has connected and before the caller has been resumed. */
  @Test
  void cancelledCallerLeavesNoConnectionOpen() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        Task<?> caller =
            GoAsync.goAsync(() -> connect(loop, accepts(1, FOR_EVER), accepts(2, millis(100))));
        GoAsync.sleep(millis(350));
        caller.cancel();
        assertThatThrownBy(caller::await).isInstanceOf(CancellationException.class);
      });
    }
    assertThat(made).allMatch(connection -> connection.closed);
  }

  @Test
  void plainThreadTriesAddressesOneAfterAnother() throws Exception {
    List<Integer> tried = new ArrayList<>();
    var eyes =
        new HappyEyeballs<Connection>(remote -> {
          tried.add(remote.getPort());
          if (remote.getPort() == 1) {
            throw new ConnectException("refused");
          }
          return new Connection(remote.getPort());
        });
    assertThat(eyes.connect(addresses(1, 2, 3)).port).isEqualTo(2);
    assertThat(tried).containsExactly(1, 2);
  }

  @Test
  void interruptIsNotTreatedAsARefusal() {
    List<Integer> tried = new ArrayList<>();
    var eyes =
        new HappyEyeballs<Connection>(remote -> {
          tried.add(remote.getPort());
          throw new InterruptedIOException("scripted");
        });
    assertThatThrownBy(() -> eyes.connect(addresses(1, 2)))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(tried).containsExactly(1);
  }

  private static List<InetSocketAddress> addresses(int... ports) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int port : ports) {
      addresses.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
    return addresses;
  }

  @Test
  void addressFamiliesAlternate() {
    List<InetSocketAddress> mixed = new ArrayList<>();
    for (String host : List.of("::1", "::2", "::3", "127.0.0.1", "127.0.0.2")) {
      mixed.add(new InetSocketAddress(InetAddress.ofLiteral(host), mixed.size()));
    }
    assertThat(HappyEyeballs.interleave(mixed))
        .extracting(InetSocketAddress::getPort)
        .containsExactly(0, 3, 1, 4, 2);
  }
}
