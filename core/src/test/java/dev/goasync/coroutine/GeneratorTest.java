package dev.goasync.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.internal.vthread.CoroutineImplementation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A generator as iterator, iterable, stream and resource. */
@ParameterizedClass
@MethodSource("dev.goasync.coroutine.Kinds#all")
@Timeout(60)
record GeneratorTest(CoroutineImplementation kind) {
  private <T extends @Nullable Object> Generator<T> of(Generator.Body<T> body) {
    return new Generator<>(kind, false, body);
  }

  private Generator<Integer> upTo(int end, List<String> log) {
    return of(out -> {
      try {
        for (int i = 1; i <= end; i++) {
          log.add("make " + i);
          out.emit(i);
        }
      } finally {
        log.add("finally");
      }
    });
  }

  @Test
  void runsOnlyAsFarAsAsked() {
    List<String> log = new ArrayList<>();
    Generator<Integer> numbers = upTo(2, log);
    assertThat(log).isEmpty();
    assertThat(numbers.hasNext()).isTrue();
    assertThat(numbers.hasNext()).isTrue();
    assertThat(log).containsExactly("make 1");
    assertThat(numbers.next()).isEqualTo(1);
    assertThat(log).containsExactly("make 1");
    assertThat(numbers.next()).isEqualTo(2);
    assertThat(numbers.hasNext()).isFalse();
    assertThat(numbers.hasNext()).isFalse();
    assertThat(log).containsExactly("make 1", "make 2", "finally");
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(numbers::next);
  }

  @Test
  void nullIsAnElement() {
    Generator<@Nullable String> nulls =
        of(out -> {
          out.emit(null);
          out.emit(null);
        });
    List<@Nullable String> seen = new ArrayList<>();
    nulls.forEachRemaining(seen::add);
    assertThat(seen).containsExactly(null, null);
  }

  @Test
  void emptyOneHasNoElement() {
    assertThat(of(out -> {}).hasNext()).isFalse();
  }

  @Test
  void closeAfterABreakRunsFinallyBlocks() {
    List<String> log = new ArrayList<>();
    Generator<Integer> numbers = upTo(9, log);
    try (numbers) {
      for (int number : numbers) {
        if (number == 2) {
          break;
        }
      }
    }
    assertThat(log).containsExactly("make 1", "make 2", "finally");
    assertThat(numbers.hasNext()).isFalse();
  }

  @Test
  void closeForgetsTheElementThatWasFetched() {
    Generator<Integer> numbers = upTo(9, new ArrayList<>());
    assertThat(numbers.hasNext()).isTrue();
    numbers.close();
    assertThat(numbers.hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(numbers::next);
  }

  @Test
  void failureComesOutOnceThenItIsTheEnd() {
    IOException thrown = new IOException("no");
    Generator<Integer> numbers =
        of(out -> {
          out.emit(1);
          throw thrown;
        });
    assertThat(numbers.next()).isEqualTo(1);
    assertThatThrownBy(numbers::hasNext)
        .isInstanceOf(CoroutineFailedException.class)
        .cause()
        .isSameAs(thrown);
    assertThat(numbers.hasNext()).isFalse();
  }

  @Test
  void recursionEmitsInOrder() {
    Generator<Integer> inOrder = of(out -> walk(1, 1 << 10, out));
    List<Integer> seen = new ArrayList<>();
    inOrder.forEachRemaining(seen::add);
    assertThat(seen).hasSize((1 << 10) - 1).isSorted();
  }

  private static void walk(int from, int end, Generator.Emitter<Integer> out) {
    if (from < end) {
      int middle = (from + end) >>> 1;
      walk(from, middle, out);
      out.emit(middle);
      walk(middle + 1, end, out);
    }
  }

  @Test
  void generatorsWithinGenerators() {
    Generator<Integer> squares =
        of(out -> {
          for (int size : upTo(3, new ArrayList<>())) {
            out.emitAll(upTo(size, new ArrayList<>()));
          }
        });
    assertThat(squares.stream()).containsExactly(1, 1, 2, 1, 2, 3);
  }

  @Test
  void streamIsLazyAndClosesIt() {
    List<String> log = new ArrayList<>();
    try (Stream<Integer> stream = upTo(Integer.MAX_VALUE, log).stream()) {
      assertThat(stream.limit(2).toList()).containsExactly(1, 2);
    }
    assertThat(log).containsExactly("make 1", "make 2", "finally");
  }

  @Test
  void bodyCannotAskItself() {
    List<Generator<Integer>> self = new ArrayList<>();
    self.add(
        of(out -> {
          Generator<Integer> me = self.getFirst();
          assertThatIllegalStateException().isThrownBy(me::hasNext);
          assertThatIllegalStateException().isThrownBy(me::next);
          assertThatIllegalStateException().isThrownBy(me::close);
          out.emit(1);
        }));
    assertThat(self.getFirst().next()).isEqualTo(1);
  }

  @Test
  void emitFromOutsideIsRefused() {
    List<Generator.Emitter<Integer>> leaked = new ArrayList<>();
    Generator<Integer> numbers =
        of(out -> {
          leaked.add(out);
          out.emit(1);
        });
    numbers.next();
    assertThatIllegalStateException().isThrownBy(() -> leaked.getFirst().emit(2));
    assertThat(numbers.hasNext()).isFalse();
  }
}
