package dev.goasync.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Select;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.Kill;
import dev.goasync.testkit.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Signals to this process, of kinds whose default action is to ignore them. */
@Conformance
final class SignalStreamTest {
  @ParameterizedTest
  @EnumSource
  void takesSignalsInTheOrderOfArrival(Caller caller) throws Exception {
    caller.run(() -> {
      try (SignalStream signals = Signals.listen(Signal.WINCH, Signal.URG)) {
        for (Signal sent : List.of(Signal.WINCH, Signal.URG, Signal.WINCH)) {
          assertThat(signals.poll()).isNull();
          Task<?> sender = caller.beside(() -> GoAsync.offload(() -> Kill.self(sent.name())));
          assertThat(signals.take()).isEqualTo(sent);
          sender.await();
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void awaitReturnsTheSignalThatArrived(Caller caller) throws Exception {
    caller.run(() -> {
      AtomicBoolean received = new AtomicBoolean();
      Task<?> sender =
          caller.beside(() -> {
            while (!received.get()) { // a signal before await has begun is not seen
              GoAsync.offload(() -> Kill.self("WINCH"));
            }
          });
      assertThat(Signals.await(Signal.URG, Signal.WINCH)).isEqualTo(Signal.WINCH);
      received.set(true);
      sender.await();
    });
  }

  @Test
  void repeatedSignalIsDeliveredOnceToEveryStream() throws Exception {
    try (SignalStream lazy = Signals.listen(Signal.WINCH);
        SignalStream eager = Signals.listen(Signal.WINCH)) {
      for (int i = 0; i < 2; i++) {
        Kill.self("WINCH");
        assertThat(eager.take()).isEqualTo(Signal.WINCH); // notified after the lazy stream
      }
      assertThat(lazy.pending().isReady()).isTrue();
      assertThat(lazy.take()).isEqualTo(Signal.WINCH);
      assertThat(lazy.poll()).isNull();
      assertThat(lazy.pending().isReady()).isFalse();
    }
  }

  @Test
  void receivesSigchldWhenAChildEnds() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (SignalStream signals = Signals.listen(Signal.CHLD)) {
        GoAsync.offload(() -> new ProcessBuilder("true").inheritIO().start().waitFor());
        assertThat(signals.take()).isEqualTo(Signal.CHLD);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void selectAwaitsASignal(Caller caller) throws Exception {
    caller.run(() -> {
      try (SignalStream signals = Signals.listen(Signal.WINCH)) {
        Channel<String> commands = Channel.rendezvous();
        List<Object> events = new ArrayList<>();
        Select either =
            Select.first()
                .onReady(signals.pending(), () -> events.add(signals.take()))
                .onReceive(commands, events::add);
        Task<?> sender = caller.beside(() -> commands.send("command"));
        either.run();
        sender.await();
        Task<?> signaller = caller.beside(() -> GoAsync.offload(() -> Kill.self("WINCH")));
        either.run();
        signaller.await();
        assertThat(events).containsExactly("command", Signal.WINCH);
      }
    });
  }

  @Test
  void cancelledWaitRemovesNoSignal() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (SignalStream signals = Signals.listen(Signal.WINCH)) {
        Task<?> waiting = GoAsync.goAsync(() -> signals.take());
        Waiting.forATurn();
        waiting.cancel();
        assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
        GoAsync.offload(() -> Kill.self("WINCH"));
        assertThat(signals.take()).isEqualTo(Signal.WINCH);
      }
    });
  }

  @Test
  void interruptEndsTheWaitOfAThread() {
    try (SignalStream signals = Signals.listen(Signal.WINCH)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(signals::take).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void closeEndsTheWaitsAndTheIteration() throws Exception {
    Caller.COROUTINE.run(() -> {
      SignalStream signals = Signals.listen(Signal.WINCH);
      List<Signal> taken = new ArrayList<>();
      Task<?> taking = GoAsync.goAsync(() -> signals.forEach(taken::add));
      Task<?> waiting = GoAsync.goAsync(() -> signals.take());
      Task<?> looking = GoAsync.goAsync(() -> signals.pending().await());
      Waiting.forATurn();
      signals.close();
      signals.close();
      taking.await();
      looking.await();
      assertThatThrownBy(waiting::await)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("stream of [SIGWINCH] is closed");
      Iterator<Signal> none = signals.iterator();
      assertThat(none.hasNext()).isFalse();
      assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
      assertThat(signals.poll()).isNull();
      assertThat(taken).isEmpty();
    });
  }

  @Test
  void virtualClockStopsDuringAWaitForASignal() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        try (SignalStream signals = Signals.listen(Signal.WINCH)) {
          Task<?> sleeper = GoAsync.goAsync(() -> GoAsync.sleep(Duration.ofDays(1)));
          Task<Signal> waiting = GoAsync.goAsync(() -> signals.take());
          Thread sender =
              Thread.ofPlatform()
                  .start(() -> {
                    try {
                      Kill.self("WINCH");
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  });
          assertThat(waiting.await()).isEqualTo(Signal.WINCH);
          assertThat(loop.elapsed()).isZero();
          sleeper.cancel();
          GoAsync.offload(() -> sender.join());
        }
      });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "QUIT, the JVM prints a thread dump at this signal",
    "SEGV, the JVM reserves this signal for its own code",
    "USR2, the JVM suspends its threads with this signal; use USR1",
    "KILL, the system lets no process handle this signal"
  })
  void reservedSignalsAreRefused(Signal reserved, String why) {
    assertThatThrownBy(() -> Signals.listen(Signal.WINCH, reserved))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("cannot listen for SIG" + reserved.name() + ": " + why);
    assertThatThrownBy(() -> Signals.listen(Signal.CHLD, Signal.STOP))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(Signal.values()).noneMatch(SignalListeners::hasListener);
  }

  /** The numbers are those of the system that the test runs on. */
  @Test
  void numbersAreThoseOfTheSystem() throws Exception {
    Differences.assumeNone(Differences.ofSignals());
    for (Signal signal : Signal.values()) {
      String[] command = {"sh", "-c", "kill -l " + signal.number()};
      Process kill =
          new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT).start();
      String name = new String(kill.getInputStream().readAllBytes(), UTF_8).strip();
      assertThat(name.equals("POLL") ? "IO" : name).isEqualTo(signal.name());
    }
  }
}
