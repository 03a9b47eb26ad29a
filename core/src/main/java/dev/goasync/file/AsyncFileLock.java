package dev.goasync.file;

import java.io.IOException;

/**
 * A lock of a part of a file, from {@link AsyncFile#lock}; what {@link java.nio.channels.FileLock}
 * is to the JDK's channels. It ends when it is released or the file is closed. Any thread.
 *
 * <p>It keeps out whoever locks, and nobody else. On Linux it belongs to the opened file: two that
 * opened the same file keep each other out also inside one program, and closing one file does not
 * take the locks of another. On the {@code nio} backend it belongs to the program, as the JDK's do.
 */
public final class AsyncFileLock implements AutoCloseable {
  private final FileLocks owner;
  private final long position;
  private final long size;
  private final boolean shared;
  private volatile boolean released;

  AsyncFileLock(FileLocks owner, long position, long size, boolean shared) {
    this.owner = owner;
    this.position = position;
    this.size = size;
    this.shared = shared;
  }

  /** Where the locked part begins, in bytes. */
  public long position() {
    return position;
  }

  /** How long the locked part is, in bytes. */
  public long size() {
    return size;
  }

  /** Whether others may have shared locks at the same time. */
  public boolean isShared() {
    return shared;
  }

  /** Whether a part of the file and the locked one have bytes in common. */
  public boolean overlaps(long otherPosition, long otherSize) {
    return otherPosition - position < size && position - otherPosition < otherSize;
  }

  /** Whether it is still held. */
  public boolean isValid() {
    return !released && owner.isOpen();
  }

  /**
   * Ends the lock; again does nothing. Works in a cancelled coroutine, too.
   *
   * @throws java.nio.channels.ClosedChannelException if the file was closed, with which it ended
   */
  public void release() throws IOException {
    if (!released) {
      released = true;
      owner.release(this);
    }
  }

  /** {@link #release Releases} it, unless the file has been closed. */
  @Override
  public void close() throws IOException {
    if (isValid()) {
      release();
    }
  }

  @Override
  public String toString() {
    return "AsyncFileLock["
        + owner
        + ", "
        + size
        + " bytes from "
        + position
        + (shared ? ", shared" : ", exclusive")
        + (isValid() ? "]" : ", released]");
  }
}
