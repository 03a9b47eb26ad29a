package dev.goasync.bench.harness;

import java.util.List;
import java.util.Optional;

/**
 * The measurement of one peer in one round, in new processes.
 *
 * @param caseName the case, or a name for several cases that share their processes
 * @param peer the peer's id
 * @param missing the reason why the peer cannot run here, if there is one
 * @param body the measurement
 */
public record Trial(String caseName, String peer, Optional<String> missing, Body body) {
  /** The body of a trial. */
  @FunctionalInterface
  public interface Body {
    /** Runs the measurement once. */
    List<Measurement> run() throws Exception;
  }

  /** Creates a trial that can run. */
  public static Trial of(String caseName, String peer, Body body) {
    return new Trial(caseName, peer, Optional.empty(), body);
  }

  String label() {
    return caseName + " " + peer;
  }
}
