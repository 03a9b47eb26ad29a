package dev.goasync.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.testkit.NoLeaks;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ExtendWith(NoLeaks.class)
final class OffLoopIteratorTest {
  @ParameterizedTest
  @EnumSource
  void returnsAllElementsInOrder(Caller caller) throws Exception {
    caller.run(() -> {
      var numbers = new OffLoopIterator<>("numbers", IntStream.range(0, 1000).iterator());
      for (int i = 0; i < 1000; i++) {
        assertThat(numbers.next()).isEqualTo(i);
      }
      assertThat(numbers.hasNext()).isFalse();
      assertThatThrownBy(numbers::next).isInstanceOf(NoSuchElementException.class);
    });
  }

  @ParameterizedTest
  @EnumSource
  void returnsTheElementsBeforeAFailureFirst(Caller caller) throws Exception {
    IllegalStateException failure = new IllegalStateException("by the test");
    caller.run(() -> {
      var source =
          IntStream.range(0, 10)
              .mapToObj(each -> {
                if (each == 3) {
                  throw failure;
                }
                return each;
              })
              .iterator();
      var numbers = new OffLoopIterator<>("numbers", source);
      for (int i = 0; i < 3; i++) {
        assertThat(numbers.next()).isEqualTo(i);
      }
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(numbers::hasNext).isSameAs(failure);
      }
    });
  }
}
