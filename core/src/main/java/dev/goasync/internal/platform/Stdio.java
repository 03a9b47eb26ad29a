package dev.goasync.internal.platform;

import java.nio.file.Path;

/** What a child's standard input, output or error is to be. */
public sealed interface Stdio {
  /** Those that need no further word. */
  enum Plain implements Stdio {
    /** Ours. */
    INHERIT,
    /** Nothing: an end at once, or a hole. */
    DISCARD,
    /** A pipe to us. */
    PIPE,
    /** Of error only: the same as output. */
    MERGE
  }

  /**
   * A file, read from its beginning, or made if there is none and written.
   *
   * @param append whether what is in it stays
   */
  record OfFile(Path path, boolean append) implements Stdio {}

  /** Our end of another child's pipe, which is closed when the child has it. */
  record OfPipe(PipeHandle pipe) implements Stdio {}
}
