package dev.goasync.bench.harness;

import java.util.List;
import java.util.Optional;

/** A set of cases that are measured together. */
public interface Suite {
  /** Returns the id for the command line and the JSON output. */
  String name();

  /** Returns a short description of what the suite measures. */
  String purpose();

  /** Returns the default number of rounds. */
  int rounds(boolean quick);

  /**
   * Returns the trials of one round, one for each peer and case; builds their programs if
   * necessary.
   */
  List<Trial> trials(Workplace workplace) throws Exception;

  /** Returns the reason why the whole suite cannot run here, if there is one. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /**
   * Returns the cases that {@code --quick} skips, and the peers that it skips unless {@code
   * --peers} names them.
   */
  default List<String> notQuick() {
    return List.of();
  }

  /**
   * Returns the peers that run in the first round only, unless {@code --peers} names them. No
   * target uses their figures, and peers that a target uses get more rounds in the same time.
   */
  default List<String> onlyOnce() {
    return List.of();
  }

  /** Returns the suites that also run if this suite is named on the command line. */
  default List<String> companions() {
    return List.of();
  }

  /** Returns the approximate seconds of a trial with {@code --quick}. */
  default int quickSeconds() {
    return 1;
  }

  /** Returns the targets of the library. */
  default List<Target> targets() {
    return List.of();
  }
}
