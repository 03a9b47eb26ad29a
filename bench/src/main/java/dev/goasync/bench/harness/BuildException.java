package dev.goasync.bench.harness;

import java.io.IOException;

/** Thrown when a peer's program cannot be built, so that none of its trials can run. */
final class BuildException extends IOException {
  private static final long serialVersionUID = 1;

  BuildException(String source, IOException cause) {
    super(source + " was not built: " + cause.getMessage(), cause);
  }
}
