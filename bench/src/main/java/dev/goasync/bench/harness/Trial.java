package dev.goasync.bench.harness;

import java.util.List;
import java.util.Optional;

/**
 * The work of one peer in one round, in new processes.
 *
 * @param caseName the case, or what the progress line calls several that share their processes
 * @param peer the peer's id
 * @param missing why it cannot run here, if so
 * @param body the work
 */
public record Trial(String caseName, String peer, Optional<String> missing, Body body) {
  /** The work of a trial. */
  @FunctionalInterface
  public interface Body {
    /** Runs it once. */
    List<Measurement> run() throws Exception;
  }

  /** A trial that can run. */
  public static Trial of(String caseName, String peer, Body body) {
    return new Trial(caseName, peer, Optional.empty(), body);
  }

  String label() {
    return caseName + " " + peer;
  }
}
