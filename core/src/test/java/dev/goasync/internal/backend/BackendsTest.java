package dev.goasync.internal.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.internal.uring.UringBackend;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BackendsTest {
  @AfterEach
  void nothingIsSimulated() {
    System.clearProperty(UringBackend.SIMULATE_PROPERTY);
  }

  @Test
  void selectsTheFirstBackendThatWorks() {
    assertThat(Backends.choose(null).backend().name()).isEqualTo("uring");
    for (String name : List.of("uring", "epoll", "nio")) {
      Backends.Choice choice = Backends.choose(name);
      assertThat(choice.backend().name()).isEqualTo(name);
      assertThat(choice.describe()).startsWith(name + ": ").doesNotContain("\n");
    }
    assertThat(Backends.selected()).isSameAs(Backends.selected());
    assertThat(Backends.describe()).startsWith(Backends.selected().name());
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Backends.choose("kqueue"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-Dgoasync.backend=kqueue is not a backend; use one of uring, epoll, nio");
  }

  @Test
  void describesWhyAPreferredBackendIsNotUsed() {
    System.setProperty(UringBackend.SIMULATE_PROPERTY, "EPERM");
    Backends.Choice choice = Backends.choose(null);
    assertThat(choice.backend().name()).isEqualTo("epoll");
    assertThat(choice.describe())
        .startsWith("epoll: ")
        .contains("\n  since io_uring cannot be used: ")
        .contains("seccomp");
  }

  @Test
  void aNamedBackendThatDoesNotWorkIsAnErrorWithTheReason() {
    System.setProperty(UringBackend.SIMULATE_PROPERTY, "ENOSYS");
    assertThatThrownBy(() -> Backends.choose("uring"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("no I/O backend works on this machine: io_uring cannot be used: ")
        .hasMessageContaining("Linux 5.15");
  }
}
