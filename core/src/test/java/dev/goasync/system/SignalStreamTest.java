package dev.goasync.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
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

/** Signals to this very process, of kinds that do nothing to who does not listen. */
@Conformance
final class SignalStreamTest {
  @ParameterizedTest
  @EnumSource
  void signalsAreTakenAsTheyCome(Caller caller) throws Exception {
    caller.run(
        () -> {
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
  void oneIsAwaited(Caller caller) throws Exception {
    caller.run(
        () -> {
          AtomicBoolean came = new AtomicBoolean();
          Task<?> sender =
              caller.beside(
                  () -> {
                    while (!came.get()) { // for only await itself listens
                      GoAsync.offload(() -> Kill.self("WINCH"));
                    }
                  });
          assertThat(Signals.await(Signal.URG, Signal.WINCH)).isEqualTo(Signal.WINCH);
          came.set(true);
          sender.await();
        });
  }

  @Test
  void aSignalThatComesAgainIsTakenOnceAndEveryStreamGetsIt() throws Exception {
    try (SignalStream lazy = Signals.listen(Signal.WINCH);
        SignalStream eager = Signals.listen(Signal.WINCH)) {
      for (int i = 0; i < 2; i++) {
        Kill.self("WINCH");
        assertThat(eager.take()).isEqualTo(Signal.WINCH); // told after the other
      }
      assertThat(lazy.pending().isReady()).isTrue();
      assertThat(lazy.take()).isEqualTo(Signal.WINCH);
      assertThat(lazy.poll()).isNull();
      assertThat(lazy.pending().isReady()).isFalse();
    }
  }

  @Test
  void childrenThatEndAreToldOf() throws Exception {
    Caller.COROUTINE.run(
        () -> {
          try (SignalStream signals = Signals.listen(Signal.CHLD)) {
            GoAsync.offload(() -> new ProcessBuilder("true").inheritIO().start().waitFor());
            assertThat(signals.take()).isEqualTo(Signal.CHLD);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void aSelectWaitsForSignals(Caller caller) throws Exception {
    caller.run(
        () -> {
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
  void aCancelledWaitTakesNone() throws Exception {
    Caller.COROUTINE.run(
        () -> {
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
  void anInterruptEndsTheWaitOfAThread() {
    try (SignalStream signals = Signals.listen(Signal.WINCH)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(signals::take).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void closingEndsTheWaitsAndTheIteration() throws Exception {
    Caller.COROUTINE.run(
        () -> {
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
  void aVirtualClockStandsStillMeanwhile() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(
          () -> {
            try (SignalStream signals = Signals.listen(Signal.WINCH)) {
              Task<?> sleeper = GoAsync.goAsync(() -> GoAsync.sleep(Duration.ofDays(1)));
              Task<Signal> waiting = GoAsync.goAsync(() -> signals.take());
              Thread sender =
                  Thread.ofPlatform()
                      .start(
                          () -> {
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
    "QUIT, the JVM prints its threads at it",
    "SEGV, the JVM uses it for its own code",
    "USR2, the JVM halts its threads by it; use USR1",
    "KILL, no process can do anything about it"
  })
  void signalsThatAreKeptAreRefused(Signal kept, String why) {
    assertThatThrownBy(() -> Signals.listen(Signal.WINCH, kept))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("SIG" + kept.name() + " cannot be listened for: " + why);
    assertThatThrownBy(() -> Signals.listen(Signal.CHLD, Signal.STOP))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(Signal.values()).noneMatch(Listeners::isHeard);
  }
}
