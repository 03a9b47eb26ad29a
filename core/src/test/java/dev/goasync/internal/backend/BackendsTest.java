package dev.goasync.internal.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.internal.uring.UringBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BackendsTest {
  @AfterEach
  void nothingIsSimulated() {
    System.clearProperty(UringBackend.SIMULATE_PROPERTY);
  }

  @Test
  void picksWhatWorks() {
    assertThat(Backends.choose(null).name()).isEqualTo("uring");
    assertThat(Backends.choose("uring").name()).isEqualTo("uring");
    assertThat(Backends.selected()).isSameAs(Backends.selected());
    assertThat(Backends.describe()).startsWith("uring");
  }

  @Test
  void namesTheKnownOnesForAnUnknownOne() {
    assertThatThrownBy(() -> Backends.choose("kqueue"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-Dgoasync.backend=kqueue names no backend; known are: uring, epoll");
  }

  @Test
  void givesTheReasonIfTheWantedOneDoesNotWork() {
    System.setProperty(UringBackend.SIMULATE_PROPERTY, "EPERM");
    assertThat(Backends.choose(null).name()).isEqualTo("epoll");
    assertThatThrownBy(() -> Backends.choose("uring"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("seccomp");
  }
}
