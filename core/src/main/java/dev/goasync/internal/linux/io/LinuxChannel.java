package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.Linux;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes between buffers and a descriptor. A direct buffer's memory is given to the kernel as
 * it is; a heap buffer's bytes go through a chunk, at most {@link NativeBufferPool#LARGE} at a
 * time.
 *
 * <p>A chunk is held for as long as its operation lasts, so a coroutine that waits long in a read
 * of a pipe into a heap buffer pins {@link NativeBufferPool#SMALL} bytes if it asked for no more
 * than that, else {@link NativeBufferPool#LARGE}. One that waits with a direct buffer, or for a
 * socket, pins nothing.
 *
 * <p>One operation moves at most {@link #MAX_TRANSFER}: the kernel copies cached bytes on the
 * caller's thread, which for a coroutine is the loop's.
 */
public abstract class LinuxChannel {
  /** Most bytes of one operation: about a tenth of a millisecond's copying. */
  protected static final int MAX_TRANSFER = 1 << 20;

  public final Descriptor descriptor;

  // Most callers use one buffer again and again: asking for its address would allocate each time.
  private @Nullable BufferAddress lastTarget;
  private @Nullable BufferAddress lastSource;

  protected LinuxChannel(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** Brings bytes to {@code address}; the count, 0 at the end, or -errno. */
  protected abstract int readNative(LinuxIo io, long address, int length, long offset)
      throws IOException;

  /** Takes bytes from {@code address}; the count, or -errno. */
  protected abstract int writeNative(LinuxIo io, long address, int length, long offset)
      throws IOException;

  /** How large a chunk to ask for, to move so many bytes. */
  protected int bufferSizeFor(int wanted) {
    return wanted;
  }

  /** The exception for an errno. */
  protected abstract IOException error(int errno);

  protected final int readInto(ByteBuffer target, long offset) throws IOException {
    checkWritable(target);
    if (!target.hasRemaining()) {
      descriptor.checkOpen();
      return 0;
    }
    LinuxIo io = LinuxIo.acquire();
    try {
      return checkedCount(readInto(io, target, offset));
    } finally {
      io.release();
    }
  }

  public static void checkWritable(ByteBuffer target) {
    if (target.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
  }

  /** The result of a read, from that of a system call. */
  protected final int checkedCount(int result) throws IOException {
    if (result < 0) {
      throw error(-result);
    }
    return result == 0 ? -1 : result;
  }

  /** Brings bytes and moves the position; the count, 0 at the end, or -errno. */
  protected int readInto(LinuxIo io, ByteBuffer target, long offset) throws IOException {
    return target.isDirect() ? readDirect(io, target, offset) : readHeap(io, target, offset);
  }

  private int readDirect(LinuxIo io, ByteBuffer target, long offset) throws IOException {
    try {
      int wanted = Math.min(target.remaining(), MAX_TRANSFER);
      BufferAddress known = BufferAddress.of(target, lastTarget);
      lastTarget = known;
      int count = readNative(io, known.addressAtPosition(), wanted, offset);
      if (count > 0) {
        target.position(target.position() + count);
      }
      return count;
    } finally {
      Reference.reachabilityFence(target);
    }
  }

  /**
   * Brings bytes into a heap buffer, whose position it moves; the count, 0 at the end, or -errno.
   */
  protected int readHeap(LinuxIo io, ByteBuffer target, long offset) throws IOException {
    NativeBuffer chunk = io.acquireBuffer(bufferSizeFor(target.remaining()));
    try {
      int wanted = Math.min(target.remaining(), chunk.capacity());
      int count = readNative(io, chunk.address(), wanted, offset);
      if (count > 0) {
        chunk.copyTo(target, count);
      }
      return count;
    } finally {
      io.releaseBuffer(chunk);
    }
  }

  protected final int writeFrom(ByteBuffer source, long offset) throws IOException {
    if (!source.hasRemaining()) {
      descriptor.checkOpen();
      return 0;
    }
    LinuxIo io = LinuxIo.acquire();
    try {
      int count =
          source.isDirect() ? writeDirect(io, source, offset) : writeHeap(io, source, offset);
      if (count < 0) {
        throw error(-count);
      }
      source.position(source.position() + count);
      return count;
    } finally {
      io.release();
    }
  }

  /**
   * Writes several buffers by one operation. They are copied together, as a heap buffer is anyway;
   * one that would fill a chunk by itself goes by itself.
   */
  protected final long writeGathered(ByteBuffer[] sources, int from, int length)
      throws IOException {
    int first = from;
    int end = from + length;
    while (first < end && !sources[first].hasRemaining()) {
      first++;
    }
    if (first == end) {
      descriptor.checkOpen();
      return 0;
    }
    if (first == end - 1 || sources[first].remaining() >= NativeBufferPool.LARGE) {
      return writeFrom(sources[first], Linux.AT_POSITION);
    }
    LinuxIo io = LinuxIo.acquire();
    NativeBuffer chunk = io.acquireBuffer(NativeBufferPool.LARGE);
    try {
      int offered = 0;
      for (int i = first; i < end && offered < chunk.capacity(); i++) {
        int count = Math.min(sources[i].remaining(), chunk.capacity() - offered);
        chunk.copyFrom(sources[i], count, offered);
        offered += count;
      }
      int count = writeNative(io, chunk.address(), offered, Linux.AT_POSITION);
      if (count < 0) {
        throw error(-count);
      }
      moveOn(sources, first, count);
      return count;
    } finally {
      io.releaseBuffer(chunk);
      io.release();
    }
  }

  private static void moveOn(ByteBuffer[] written, int from, int count) {
    for (int i = from, left = count; left > 0; i++) {
      int here = Math.min(left, written[i].remaining());
      written[i].position(written[i].position() + here);
      left -= here;
    }
  }

  private int writeDirect(LinuxIo io, ByteBuffer source, long offset) throws IOException {
    try {
      int offered = Math.min(source.remaining(), MAX_TRANSFER);
      BufferAddress known = BufferAddress.of(source, lastSource);
      lastSource = known;
      return writeNative(io, known.addressAtPosition(), offered, offset);
    } finally {
      Reference.reachabilityFence(source);
    }
  }

  private int writeHeap(LinuxIo io, ByteBuffer source, long offset) throws IOException {
    NativeBuffer chunk = io.acquireBuffer(bufferSizeFor(source.remaining()));
    try {
      int offered = Math.min(source.remaining(), chunk.capacity());
      chunk.copyFrom(source, offered, 0);
      return writeNative(io, chunk.address(), offered, offset);
    } finally {
      io.releaseBuffer(chunk);
    }
  }

  @Override
  public final String toString() {
    return descriptor.toString();
  }

  protected final void closeDescriptor() throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      int result = descriptor.close(io);
      if (result < 0) {
        throw error(-result);
      }
    } finally {
      io.release();
    }
  }
}
