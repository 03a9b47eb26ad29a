package dev.goasync.io;

/**
 * A stream for whose readiness callers can wait without an operation and without a buffer for it.
 */
public interface Selectable {
  /**
   * Returns the readiness for a read: bytes are available, or the end of the stream, or an error.
   */
  Readiness readable();

  /** Returns the readiness for a write: there is space, or an error. */
  Readiness writable();
}
