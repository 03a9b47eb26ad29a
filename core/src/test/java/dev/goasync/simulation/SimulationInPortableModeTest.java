package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goasync.testing.Simulation;
import dev.goasync.testkit.Modes;
import org.junit.jupiter.api.Test;

/** A simulation in portable mode. */
final class SimulationInPortableModeTest {
  @Test
  void isRefusedWithTheRemedy() {
    Modes.assumePortableMode("simulations work in full mode");
    var refused =
        assertThrows(UnsupportedOperationException.class, () -> Simulation.with().run(world -> {}));
    assertThat(refused).hasMessageContaining("a simulation needs the full mode");
  }
}
