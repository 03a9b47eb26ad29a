package dev.goasync.io;

/** What can be waited for without an operation, or a buffer for one. */
public interface Selectable {
  /** Whether a read would not wait: bytes are there, read ahead or not, or the end, or an error. */
  Readiness readable();

  /** Whether a write would not wait: there is room, or an error. */
  Readiness writable();
}
