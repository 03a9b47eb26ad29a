package dev.goasync.interop.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.http.StubHttp;
import dev.goasync.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A hundred coroutines of one loop use a client. The server of every second one is behind a proxy
 * and fails during an exchange: these coroutines get the error, the remaining ones get their
 * answers, and a coroutine that ticks goes on. Afterwards new connections work, and no socket and
 * no coroutine is left.
 */
@Timeout(120)
final class BrokenServersTest {
  private static final int TICKS = 20;
  private static final int AFTERWARDS = 10;
  private static final Duration TICK = Duration.ofMillis(1);

  @RegisterExtension final OneLoop one = new OneLoop();

  static Stream<Arguments> table() {
    return Stream.of(Driver.values())
        .flatMap(driver -> Stream.of(Fault.values()).map(fault -> Arguments.of(driver, fault)));
  }

  @ParameterizedTest
  @MethodSource("table")
  void theErrorReachesTheCoroutinesOfTheConnection(Driver driver, Fault fault) throws Exception {
    Modes.assumeFullMode("some clients wait for their own threads or locks");
    try (StubHttp http = new StubHttp()) {
      int server = driver.server(http.port());
      try (FaultyProxy proxy = new FaultyProxy(server)) {
        one.run(() -> {
          try (Round round = new Round(driver, proxy, server)) {
            round.run(fault);
          }
        });
      }
    }
  }

  private final class Round implements AutoCloseable {
    private final Driver driver;
    private final FaultyProxy proxy;
    private final int server;
    private final Event fault = Event.manualReset();
    private final @Nullable Client healthyClient;
    private final @Nullable Client faultyClient;
    private final Task<?> ticker;
    private int ready;
    private long ticks;

    Round(Driver driver, FaultyProxy proxy, int server) throws Exception {
      this.driver = driver;
      this.proxy = proxy;
      this.server = server;
      this.healthyClient = driver.isShared() ? connect(server) : null;
      this.faultyClient = driver.isShared() ? connect(proxy.port()) : null;
      this.ticker = GoAsync.goAsync(this::tick);
    }

    private Client connect(int port) throws Exception {
      return driver.connect(port, one.loop());
    }

    private void tick() {
      while (true) {
        ticks++;
        GoAsync.sleep(TICK);
      }
    }

    void run(Fault started) throws Exception {
      List<Task<Optional<Exception>>> healthy = new ArrayList<>();
      List<Task<Optional<Exception>>> faulty = new ArrayList<>();
      for (int i = 0; i < OneLoop.MANY; i++) {
        int number = i;
        boolean behindProxy = i % 2 == 0;
        (behindProxy ? faulty : healthy).add(GoAsync.goAsync(() -> useTwice(behindProxy, number)));
      }
      awaitReady(healthy);
      awaitReady(faulty);
      proxy.begin(started);
      fault.set();
      assertThat(GoAsync.awaitAll(healthy))
          .as("failures of the healthy half")
          .allMatch(Optional::isEmpty);
      awaitTicks();
      if (started == Fault.SLOW) {
        assertThat(faulty).as("waits for a slow server").noneMatch(Task::isCompleted);
        proxy.heal();
      }
      checkFailures(started, GoAsync.awaitAll(faulty));
      proxy.heal();
      GoAsync.awaitAll(OneLoop.start(AFTERWARDS, this::useAgain));
    }

    /** Returns the exception of the second exchange; empty if it succeeded. */
    private Optional<Exception> useTwice(boolean behindProxy, int number) throws Exception {
      Client shared = behindProxy ? faultyClient : healthyClient;
      Client client = shared != null ? shared : connect(behindProxy ? proxy.port() : server);
      try {
        client.exchange(number);
        ready++;
        fault.await();
        client.exchange(OneLoop.MANY + number);
        return Optional.empty();
      } catch (Exception failure) {
        return Optional.of(failure);
      } finally {
        if (shared == null) {
          close(client);
        }
      }
    }

    private void awaitReady(List<Task<Optional<Exception>>> tasks) {
      while (ready < OneLoop.MANY) {
        for (Task<Optional<Exception>> task : tasks) {
          if (task.isCompleted()) {
            throw new AssertionError("failed before the fault", task.await().orElse(null));
          }
        }
        GoAsync.yield();
      }
    }

    /** The loop goes on while the faulty half waits or fails. */
    private void awaitTicks() {
      long end = ticks + TICKS;
      while (ticks < end) {
        GoAsync.sleep(TICK);
      }
    }

    private void checkFailures(Fault started, List<Optional<Exception>> failures) {
      if (started == Fault.SLOW) {
        assertThat(failures).as("failures of a slow server").allMatch(Optional::isEmpty);
      } else if (started != Fault.RESTARTED || !driver.reconnects()) {
        assertThat(failures).as("failures of the faulty half").allMatch(Optional::isPresent);
      }
    }

    private int useAgain(int number) throws Exception {
      Client client = connect(proxy.port());
      try {
        client.exchange(number);
      } finally {
        close(client);
      }
      return number;
    }

    /** A client of a broken connection may report that its last message could not be sent. */
    private static void close(Client client) {
      try {
        client.close();
      } catch (Exception broken) {
        // the sockets are counted afterwards
      }
    }

    @Override
    public void close() {
      ticker.cancel();
      if (healthyClient != null) {
        close(healthyClient);
      }
      if (faultyClient != null) {
        close(faultyClient);
      }
    }
  }
}
