package dev.goasync.examples.files;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What tells a file's contents from those it had before. */
record Version(long size, Instant modified) {
  /** The entity tag: strong, as the system's times are finer than writes are frequent. */
  String tag() {
    long nanos = ChronoUnit.NANOS.between(Instant.EPOCH, modified);
    return "\"" + Long.toHexString(nanos) + "-" + Long.toHexString(size) + "\"";
  }

  /** The time of the last change, to the second as HTTP has it. */
  Instant second() {
    return modified.truncatedTo(ChronoUnit.SECONDS);
  }
}
