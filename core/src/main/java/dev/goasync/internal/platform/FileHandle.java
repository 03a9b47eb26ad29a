package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.attribute.BasicFileAttributes;

/** An open file. After {@link #close} every method throws ClosedChannelException. */
public interface FileHandle extends Closeable {
  /** Reads at the file's position and moves it; returns the count, or -1 at the end. */
  int read(ByteBuffer target) throws IOException;

  /** Reads at {@code position} without moving the file's position; returns the count, or -1. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes at the file's position (its end if opened to append) and moves it; may write less. */
  int write(ByteBuffer source) throws IOException;

  /** Writes at {@code position} without moving the file's position; may write less. */
  int write(ByteBuffer source, long position) throws IOException;

  /** Writes several buffers at the file's position, in order; may write less; returns the count. */
  long write(ByteBuffer[] sources, int offset, int length) throws IOException;

  /**
   * Result of {@link #transferTo}: the kernel cannot transfer between these handles, or the file
   * ends. The caller reads and writes instead.
   */
  long NOT_TRANSFERRED = 0;

  /**
   * Transfers bytes from {@code position} to the position of another handle of the same platform
   * inside the kernel; may transfer less.
   *
   * @param count at least 1
   * @param target a handle; its position moves
   * @return the count, or {@link #NOT_TRANSFERRED}
   */
  long transferTo(long position, long count, Object target) throws IOException;

  /** Whether the file has a position that can be moved; a pipe or a terminal has none. */
  boolean isSeekable() throws IOException;

  /** The file's position in bytes. */
  long position() throws IOException;

  /** Moves the file's position. */
  void position(long newPosition) throws IOException;

  /** The file's size in bytes. */
  long size() throws IOException;

  /** The attributes of the open file; of its path where the platform cannot ask for the former. */
  BasicFileAttributes attributes() throws IOException;

  /** Truncates the file to {@code size} bytes if it is longer. */
  void truncate(long size) throws IOException;

  /** Reserves space on the device; the file grows if it ends before {@code offset + length}. */
  void allocate(long offset, long length) throws IOException;

  /**
   * Announces how a part of the file will be used, as {@code posix_fadvise}; does nothing where the
   * platform has no such call.
   *
   * @param length 0 for the rest of the file
   * @param advice one of the constants of {@code posix_fadvise}
   */
  void advise(long offset, long length, int advice) throws IOException;

  /**
   * Locks a part of the file against other programs and against other handles of this program.
   *
   * @return whether the lock was acquired; false if another lock overlaps
   */
  boolean tryLock(long position, long size, boolean shared) throws IOException;

  /** Removes a lock of {@link #tryLock}. Not cancellable. */
  void unlock(long position, long size) throws IOException;

  /** Flushes the content, and with {@code metadata} the metadata too, to the device. */
  void force(boolean metadata) throws IOException;

  /**
   * Closes; operations that other callers have under way throw AsynchronousCloseException. Not
   * cancellable.
   */
  @Override
  void close() throws IOException;
}
