package dev.goasync.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.coroutine.Coroutine.State;
import dev.goasync.internal.vthread.CoroutineImplementation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The life of a coroutine: values in and out, states, failures, closing, misuse. */
@ParameterizedClass
@MethodSource("dev.goasync.coroutine.Kinds#all")
@Timeout(60)
record CoroutineTest(CoroutineImplementation kind) {
  private <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> of(
      Coroutine.Body<I, O> body) {
    return new Coroutine<>(kind, false, body);
  }

  @Test
  void valuesPassBothWays() {
    Coroutine<Integer, String> coroutine =
        of((self, first) -> {
          int second = self.suspend("got " + first);
          int third = self.suspend("got " + second);
          return "end " + third;
        });
    assertThat(coroutine.resume(1)).isEqualTo("got 1");
    assertThat(coroutine.resume(2)).isEqualTo("got 2");
    assertThat(coroutine.resume(3)).isEqualTo("end 3");
    assertThat(coroutine.result()).isEqualTo("end 3");
  }

  @Test
  void nullsPassBothWays() {
    List<@Nullable String> seen = new ArrayList<>();
    Coroutine<@Nullable String, @Nullable String> coroutine =
        of((self, first) -> {
          seen.add(first);
          seen.add(self.suspend(null));
          return null;
        });
    assertThat(coroutine.resume(null)).isNull();
    assertThat(coroutine.resume(null)).isNull();
    assertThat(coroutine.result()).isNull();
    assertThat(seen).containsExactly(null, null);
  }

  @Test
  void statesFollowItsLife() {
    List<State> inside = new ArrayList<>();
    Coroutine<Integer, Integer> coroutine =
        of((self, first) -> {
          inside.add(self.state());
          return self.suspend(first);
        });
    assertThat(coroutine.state()).isEqualTo(State.SUSPENDED);
    assertThat(inside).isEmpty();
    coroutine.resume(1);
    assertThat(inside).containsExactly(State.RUNNING);
    assertThat(coroutine.state()).isEqualTo(State.SUSPENDED);
    assertThatIllegalStateException()
        .isThrownBy(coroutine::result)
        .withMessage("the coroutine has no result: it is SUSPENDED");
    coroutine.resume(2);
    assertThat(coroutine.state()).isEqualTo(State.FINISHED);
    assertThat(coroutine.failure()).isNull();
  }

  @Test
  void uncheckedFailureComesOutAsItIs() {
    IllegalArgumentException thrown = new IllegalArgumentException("no");
    Coroutine<Integer, Integer> coroutine =
        of((self, first) -> {
          self.suspend(0);
          throw thrown;
        });
    coroutine.resume(1);
    assertThat(catchThrowable(() -> coroutine.resume(2))).isSameAs(thrown);
    assertThat(coroutine.state()).isEqualTo(State.FAILED);
    assertThat(coroutine.failure()).isSameAs(thrown);
    assertThatIllegalStateException()
        .isThrownBy(() -> coroutine.resume(3))
        .withMessage("cannot resume a coroutine that is FAILED");
  }

  @Test
  void failureHasTheStackTraceOfTheBody() {
    Coroutine<Integer, Integer> coroutine = of((self, first) -> failBelow(first));
    assertThatThrownBy(() -> coroutine.resume(0))
        .isInstanceOf(ArithmeticException.class)
        .satisfies(e -> assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("failBelow"));
  }

  private static int failBelow(int zero) {
    return 1 / zero;
  }

  @Test
  void errorComesOutAsItIs() {
    AssertionError thrown = new AssertionError("no");
    Coroutine<Integer, Integer> coroutine =
        of((self, first) -> {
          throw thrown;
        });
    assertThat(catchThrowable(() -> coroutine.resume(1))).isSameAs(thrown);
  }

  @Test
  void checkedFailureComesOutAsCause() {
    IOException thrown = new IOException("no");
    Coroutine<Integer, Integer> coroutine =
        of((self, first) -> {
          throw thrown;
        });
    assertThatThrownBy(() -> coroutine.resume(1))
        .isInstanceOf(CoroutineFailedException.class)
        .hasMessageContaining("no")
        .cause()
        .isSameAs(thrown);
    assertThat(coroutine.failure()).isSameAs(thrown);
  }

  @Test
  void closeRunsFinallyBlocksButNoHandlers() {
    List<String> log = new ArrayList<>();
    Coroutine<Integer, Integer> coroutine =
        of((self, first) -> {
          try {
            return self.suspend(1);
          } catch (Exception e) {
            log.add("caught");
            return 0;
          } finally {
            log.add("finally " + self.state());
          }
        });
    coroutine.resume(1);
    coroutine.close();
    coroutine.close();
    assertThat(log).containsExactly("finally RUNNING");
    assertThat(coroutine.state()).isEqualTo(State.CLOSED);
    assertThat(coroutine.failure()).isNull();
    assertThatIllegalStateException()
        .isThrownBy(() -> coroutine.resume(3))
        .withMessage("cannot resume a coroutine that is CLOSED");
    assertThatIllegalStateException().isThrownBy(coroutine::result);
  }

  @Test
  void closeBeforeTheStartKeepsTheBodyFromRunning() {
    List<String> log = new ArrayList<>();
    Coroutine<Integer, Integer> coroutine =
        of((self, first) -> {
          log.add("ran");
          return 0;
        });
    coroutine.close();
    assertThat(coroutine.state()).isEqualTo(State.CLOSED);
    assertThatIllegalStateException().isThrownBy(() -> coroutine.resume(1));
    assertThat(log).isEmpty();
  }

  @Test
  void closeAfterTheEndChangesNothing() {
    Coroutine<Integer, Integer> coroutine = of((self, first) -> first);
    coroutine.resume(1);
    coroutine.close();
    assertThat(coroutine.state()).isEqualTo(State.FINISHED);
    assertThat(coroutine.result()).isEqualTo(1);
  }

  @Test
  void bodyThatSwallowsTheCloseIsClosed() {
    Coroutine<Integer, Integer> coroutine =
        of((self, first) -> {
          try {
            return self.suspend(1);
          } catch (Throwable signal) {
            return 7;
          }
        });
    coroutine.resume(1);
    coroutine.close();
    assertThat(coroutine.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void failureWhileClosingComesOutOfClose() {
    Coroutine<Integer, Integer> coroutine =
        of((self, first) -> {
          try (AutoCloseable _ = () -> failBelow(0)) {
            return self.suspend(1);
          }
        });
    coroutine.resume(1);
    assertThatThrownBy(coroutine::close).isInstanceOf(ArithmeticException.class);
    assertThat(coroutine.state()).isEqualTo(State.FAILED);
  }

  @Test
  void suspendWhileClosingIsRefused() {
    Coroutine<Integer, Integer> coroutine =
        of((self, first) -> {
          try {
            return self.suspend(1);
          } finally {
            self.suspend(2);
          }
        });
    coroutine.resume(1);
    assertThatIllegalStateException()
        .isThrownBy(coroutine::close)
        .withMessage("a coroutine that is being closed cannot suspend");
    assertThat(coroutine.state()).isEqualTo(State.FAILED);
  }

  @Test
  void itselfCanNeitherResumeNorCloseItself() {
    Coroutine<Integer, Integer> coroutine =
        of((self, first) -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> self.resume(1))
              .withMessage("cannot resume a coroutine that is RUNNING");
          assertThatIllegalStateException()
              .isThrownBy(self::close)
              .withMessage("cannot close a coroutine that is RUNNING");
          return self.suspend(5);
        });
    assertThat(coroutine.resume(1)).isEqualTo(5);
    assertThat(coroutine.resume(6)).isEqualTo(6);
  }

  @Test
  void suspendFromOutsideIsRefused() {
    Coroutine<Integer, Integer> coroutine = of((self, first) -> self.suspend(first));
    assertThatIllegalStateException().isThrownBy(() -> coroutine.suspend(1));
    coroutine.resume(1);
    assertThatIllegalStateException().isThrownBy(() -> coroutine.suspend(1));
    assertThat(coroutine.resume(2)).isEqualTo(2);
    assertThatIllegalStateException().isThrownBy(() -> coroutine.suspend(1));
  }

  @Test
  void suspendFromANestedCoroutineIsRefused() {
    Coroutine<Integer, Integer> outer =
        of((self, first) -> {
          Coroutine<Integer, Integer> inner = of((it, value) -> self.suspend(value));
          assertThatIllegalStateException().isThrownBy(() -> inner.resume(1));
          return self.suspend(3);
        });
    assertThat(outer.resume(1)).isEqualTo(3);
    assertThat(outer.resume(4)).isEqualTo(4);
  }

  @Test
  void suspendBelowAPendingOneOfANestedCoroutineKeepsThemApart() {
    Coroutine<Integer, Integer> outer =
        of((self, first) -> {
          Coroutine<Integer, Integer> inner = of((it, value) -> it.suspend(value + 1) + 2);
          int one = inner.resume(first);
          int two = self.suspend(one);
          return inner.resume(two);
        });
    assertThat(outer.resume(10)).isEqualTo(11);
    assertThat(outer.resume(20)).isEqualTo(22);
  }
}
