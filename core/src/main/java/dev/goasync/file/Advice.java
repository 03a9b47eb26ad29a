package dev.goasync.file;

/** The expected access pattern of a part of a file, for {@link AsyncFile#advise}. */
public enum Advice {
  /** No particular pattern: undoes another advice. */
  NORMAL(0),
  /** Random access: the kernel does not read further than asked. */
  RANDOM(1),
  /** Sequential access from the first to the last byte: the kernel reads further in advance. */
  SEQUENTIAL(2),
  /** Access soon: the kernel starts to read the part into the page cache. */
  WILL_NEED(3),
  /**
   * No access soon: the part may leave the page cache, except pages not yet written to the device.
   */
  DONT_NEED(4),
  /** Access only once. */
  NO_REUSE(5);

  final int number;

  Advice(int number) {
    this.number = number;
  }
}
