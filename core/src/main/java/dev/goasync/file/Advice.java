package dev.goasync.file;

/** How a part of a file will be used: what {@code posix_fadvise} understands. */
public enum Advice {
  /** In no particular way. */
  NORMAL(0),
  /** Here and there: reading ahead is in vain. */
  RANDOM(1),
  /** From its beginning to its end: more is read ahead. */
  SEQUENTIAL(2),
  /** Soon: reading it begins now. */
  WILL_NEED(3),
  /** Not again: it may leave the page cache. What has not been forced to the device stays. */
  DONT_NEED(4),
  /** Once. */
  NO_REUSE(5);

  final int number;

  Advice(int number) {
    this.number = number;
  }
}
