package dev.goasync.bench.harness;

import java.util.List;
import java.util.Optional;

/**
 * What one peer does in one round, in fresh processes.
 *
 * @param peer the peer's id
 * @param label what the progress line calls it
 * @param missing why it cannot run here, if so
 * @param body does it
 */
public record Trial(String peer, String label, Optional<String> missing, Body body) {
  /** The work of a trial. */
  @FunctionalInterface
  public interface Body {
    /** Runs it once. */
    List<Measurement> run() throws Exception;
  }

  /** A trial that can run. */
  public static Trial of(String peer, String label, Body body) {
    return new Trial(peer, label, Optional.empty(), body);
  }

  /** A trial that runs if {@code missing} is empty. */
  public static Trial of(String peer, String label, Optional<String> missing, Body body) {
    return new Trial(peer, label, missing, body);
  }
}
