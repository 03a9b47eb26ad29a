package dev.goasync.internal.vthread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** The choice of a kind of stack. */
final class StackKindTest {
  @Test
  void theBestThatIsAvailableIsChosen() {
    StackKind best = Door.isOpen() ? StackKind.BARE : StackKind.HANDOVER;
    assertThat(StackKind.choose(null)).isSameAs(best);
    assertThat(StackKind.chosen()).isSameAs(best);
    assertThat(StackKind.chosenForMoving().canMove()).isTrue();
    assertThat(StackKind.explanation()).contains("jdk.internal.vm");
  }

  @Test
  void aKindCanBeForced() {
    assertThat(StackKind.choose("handover")).isSameAs(StackKind.HANDOVER);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StackKind.choose("green"))
        .withMessageContaining("goasync.coroutine=green")
        .withMessageContaining("bare, confined or handover");
  }
}
