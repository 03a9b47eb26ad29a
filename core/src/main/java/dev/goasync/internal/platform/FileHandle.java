package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. After {@link #close} every method throws ClosedChannelException. */
public interface FileHandle extends Closeable {
  /** Reads at the file's position and moves it; returns the count, or -1 at the end. */
  int read(ByteBuffer target) throws IOException;

  /** Reads at {@code position} and leaves the file's own alone; returns the count, or -1. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes at the file's position (its end if opened to append) and moves it; may write less. */
  int write(ByteBuffer source) throws IOException;

  /** Writes at {@code position} and leaves the file's own alone; may write less. */
  int write(ByteBuffer source, long position) throws IOException;

  /** Writes several buffers at the file's position, in order; may write less; returns the count. */
  long write(ByteBuffer[] sources, int offset, int length) throws IOException;

  /** Of {@link #transferTo}: there is no such way, or the file ends; reading will tell. */
  long NO_WAY = 0;

  /**
   * Moves bytes from {@code position} straight to another handle of the same platform, whose own
   * position moves, without their coming here; may move less.
   *
   * @param count at least 1
   * @param target a handle
   * @return the count, or {@link #NO_WAY}
   */
  long transferTo(long position, long count, Object target) throws IOException;

  /** Whether it has a position that can be moved; a pipe or a terminal has none. */
  boolean isSeekable() throws IOException;

  /** The file's position in bytes. */
  long position() throws IOException;

  /** Moves the file's position. */
  void position(long newPosition) throws IOException;

  /** The file's size in bytes. */
  long size() throws IOException;

  /** Cuts the file to {@code size} bytes if it is longer. */
  void truncate(long size) throws IOException;

  /** Reserves space, so that writing there finds it; the file grows if it ends before. */
  void allocate(long offset, long length) throws IOException;

  /**
   * Says how a part of the file will be used, so that the system can prepare; does nothing where
   * there is no such thing.
   *
   * @param length 0 for all that comes
   * @param advice a number of {@code posix_fadvise}
   */
  void advise(long offset, long length, int advice) throws IOException;

  /**
   * Locks a part of the file against other programs, and against other handles of this one.
   *
   * @return whether it is locked now; false if somebody else has a lock there
   */
  boolean tryLock(long position, long size, boolean shared) throws IOException;

  /** Removes what {@link #tryLock} set. Not cancellable. */
  void unlock(long position, long size) throws IOException;

  /** Forces content, and with {@code metadata} all else, to the device. */
  void force(boolean metadata) throws IOException;

  /**
   * Closes; operations under way elsewhere end with AsynchronousCloseException. Not cancellable.
   */
  @Override
  void close() throws IOException;
}
