package dev.goasync.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

final class ListedSkipsTest {
  private static Throwable skippedBy(Runnable assumption) {
    try {
      assumption.run();
    } catch (TestAbortedException skipped) {
      return ListedSkips.checked(skipped);
    }
    throw new AssertionError("not skipped");
  }

  @Test
  void onlyRowsOfTheTableAreValidReasons() {
    assertThat(Differences.rows()).contains("portable mode").doesNotContain("row", "---");
    assertThat(skippedBy(() -> Differences.assume(false, "portable mode")))
        .isInstanceOf(TestAbortedException.class);
    assertThat(skippedBy(() -> Differences.assume(false, "a whim")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no row");
  }

  @Test
  void otherFailuresAreUnchanged() {
    var failure = new IllegalStateException("broken");
    assertThat(ListedSkips.checked(failure)).isSameAs(failure);
  }
}
