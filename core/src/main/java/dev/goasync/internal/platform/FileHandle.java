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

  /** Forces content, and with {@code metadata} all else, to the device. */
  void force(boolean metadata) throws IOException;

  /**
   * Closes; operations under way elsewhere end with AsynchronousCloseException. Not cancellable.
   */
  @Override
  void close() throws IOException;
}
