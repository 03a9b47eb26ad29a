package dev.goasync.examples.files;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A version of a file's content: its size and modification time. */
record Version(long size, Instant modified) {
  /** Returns the entity tag; it is strong, since modification times are finer than writes. */
  String tag() {
    long nanos = ChronoUnit.NANOS.between(Instant.EPOCH, modified);
    return "\"" + Long.toHexString(nanos) + "-" + Long.toHexString(size) + "\"";
  }

  /** Returns the modification time in the resolution of HTTP, a second. */
  Instant second() {
    return modified.truncatedTo(ChronoUnit.SECONDS);
  }
}
