package dev.goasync.internal.vthread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** The choice of an implementation. */
final class CoroutineImplementationTest {
  @Test
  void theBestAvailableOneIsChosen() {
    CoroutineImplementation best =
        SchedulerAccess.isFullMode()
            ? CoroutineImplementation.BARE
            : CoroutineImplementation.HANDOVER;
    assertThat(CoroutineImplementation.choose(null)).isSameAs(best);
    assertThat(CoroutineImplementation.chosen()).isSameAs(best);
    assertThat(CoroutineImplementation.chosenForMoving().canMove()).isTrue();
    assertThat(CoroutineImplementation.explanation()).contains("jdk.internal.vm");
  }

  @Test
  void thePropertyNamesOne() {
    assertThat(CoroutineImplementation.choose("handover"))
        .isSameAs(CoroutineImplementation.HANDOVER);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CoroutineImplementation.choose("green"))
        .withMessageContaining("goasync.coroutine=green")
        .withMessageContaining("bare, confined or handover");
  }
}
