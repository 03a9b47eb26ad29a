package dev.goasync.bench.harness;

import java.util.List;
import java.util.Optional;

/** Cases that are measured together. */
public interface Suite {
  /** The id, for the command line and the JSON. */
  String name();

  /** What it shows, in a line. */
  String purpose();

  /** How many rounds, unless the command line says. */
  int rounds(boolean quick);

  /** One round: every peer in turn. Builds what it needs. */
  List<Trial> trials(Workplace workplace) throws Exception;

  /** Why none of it can run here, if so. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /** The cases that {@code --quick} leaves out, and the peers unless they are asked for. */
  default List<String> notQuick() {
    return List.of();
  }

  /**
   * The peers that run in the first round only, unless they are asked for: no target names them,
   * and those that one names get more rounds in the same time.
   */
  default List<String> onlyOnce() {
    return List.of();
  }

  /** The suites that run whenever this one is named on the command line. */
  default List<String> companions() {
    return List.of();
  }

  /** About how many seconds a trial takes with {@code --quick}. */
  default int quickSeconds() {
    return 1;
  }

  /** The library's targets. */
  default List<Target> targets() {
    return List.of();
  }
}
