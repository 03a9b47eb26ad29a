package dev.goasync.bench.harness;

import java.util.List;

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

  /** What the library promises. */
  default List<Target> targets() {
    return List.of();
  }
}
