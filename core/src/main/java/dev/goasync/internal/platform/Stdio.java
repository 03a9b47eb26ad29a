package dev.goasync.internal.platform;

import java.nio.file.Path;

/** The source or target of a child's standard input, output or error. */
public sealed interface Stdio {
  /** The choices without parameters. */
  enum Plain implements Stdio {
    /** The stream of this process. */
    INHERIT,
    /** The null device: input ends at once, output is dropped. */
    DISCARD,
    /** A pipe whose second end this process has. */
    PIPE,
    /** Standard error only: the same as standard output. */
    MERGE
  }

  /**
   * A file. Input reads it from the beginning; output creates it if it is missing.
   *
   * @param append whether output keeps the existing content
   */
  record OfFile(Path path, boolean append) implements Stdio {}

  /** This process's end of another child's pipe; it is closed once the child has it. */
  record OfPipe(PipeHandle pipe) implements Stdio {}
}
