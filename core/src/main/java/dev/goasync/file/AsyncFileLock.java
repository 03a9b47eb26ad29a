package dev.goasync.file;

import java.io.IOException;

/**
 * A lock on a part of a file, acquired by {@link AsyncFile#lock}; corresponds to {@link
 * java.nio.channels.FileLock}. The lock ends when it is released or its file is closed.
 *
 * <p>Locks are advisory: they exclude other locks, not reads and writes. On Linux a lock is owned
 * by the open file: two {@code AsyncFile} objects for one file exclude each other also inside one
 * process, and closing one of them does not release the locks of another. On the {@code nio}
 * backend a lock is owned by the process, as the JDK's locks are.
 *
 * <p><b>Threads.</b> All methods may be called from any thread.
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

  /** Returns the position of the first locked byte. */
  public long position() {
    return position;
  }

  /** Returns the length of the locked part in bytes. */
  public long size() {
    return size;
  }

  /** Returns whether the lock is shared. */
  public boolean isShared() {
    return shared;
  }

  /** Returns whether the locked part and another part of the file have bytes in common. */
  public boolean overlaps(long otherPosition, long otherSize) {
    return otherPosition - position < size && position - otherPosition < otherSize;
  }

  /** Returns whether the lock is held and its file is open. */
  public boolean isValid() {
    return !released && owner.isOpen();
  }

  /**
   * Releases the lock. A second call does nothing. Also works in a cancelled coroutine.
   *
   * @throws java.nio.channels.ClosedChannelException if the file was closed, which ended the lock
   */
  public void release() throws IOException {
    if (!released) {
      released = true;
      owner.release(this);
    }
  }

  /** {@link #release Releases} the lock, or does nothing if the file has been closed. */
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
