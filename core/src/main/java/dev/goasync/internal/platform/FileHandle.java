package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a backend. After {@link #close} every method throws ClosedChannelException. */
public interface FileHandle extends Closeable {
  /** Reads at the file's position and advances it; returns the count, or -1 at the end. */
  int read(ByteBuffer target) throws IOException;

  /** Reads at {@code position} and keeps the file's own; returns the count, or -1 at the end. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes at the file's position (with APPEND at its end) and advances it; may write less. */
  int write(ByteBuffer source) throws IOException;

  /** Writes at {@code position} and keeps the file's own; may write less. */
  int write(ByteBuffer source, long position) throws IOException;

  /** Writes several buffers at the file's position, in order; may write less; returns the count. */
  long write(ByteBuffer[] sources, int offset, int length) throws IOException;

  /** Result of {@link #transferTo}: not supported for this target, or at the end; read instead. */
  long UNSUPPORTED = 0;

  /**
   * Copies bytes from {@code position} to another handle of the same platform inside the kernel.
   * The target is written at its own position, which advances. May copy less.
   *
   * @param count at least 1
   * @param target a handle
   * @return the count, or {@link #UNSUPPORTED}
   */
  long transferTo(long position, long count, Object target) throws IOException;

  /** Returns whether the file has a position; a pipe or a terminal has none. */
  boolean isSeekable() throws IOException;

  /** Returns the file's position in bytes. */
  long position() throws IOException;

  /** Sets the file's position in bytes. */
  void position(long newPosition) throws IOException;

  /** Returns the file's size in bytes. */
  long size() throws IOException;

  /** Truncates the file to {@code size} bytes if it is longer. */
  void truncate(long size) throws IOException;

  /** Reserves disk space; the file grows if it ends before. */
  void allocate(long offset, long length) throws IOException;

  /**
   * Announces the access pattern of a part of the file; does nothing where that is unsupported.
   *
   * @param length in bytes; 0 for all bytes to the end
   * @param advice a number of {@code posix_fadvise}
   */
  void advise(long offset, long length, int advice) throws IOException;

  /**
   * Locks a part of the file, if no other process or handle holds a conflicting lock.
   *
   * @return whether the lock was acquired
   */
  boolean tryLock(long position, long size, boolean shared) throws IOException;

  /** Releases a lock of {@link #tryLock}. Not cancellable. */
  void unlock(long position, long size) throws IOException;

  /** Writes the content, and with {@code metadata} all attributes, to the device. */
  void force(boolean metadata) throws IOException;

  /** Closes the file; concurrent operations throw AsynchronousCloseException. Not cancellable. */
  @Override
  void close() throws IOException;
}
