package dev.goasync.internal.linux.io;

import dev.goasync.internal.platform.Targets;
import dev.goasync.internal.sys.Linux;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor that is read and written through byte buffers. The kernel gets the memory of a
 * direct buffer as it is. The bytes of a heap buffer are copied through a {@link NativeBuffer}, at
 * most {@link NativeBufferPool#LARGE} at a time.
 *
 * <p>A native buffer is held for as long as its operation lasts. So a coroutine that waits in a
 * read of a pipe into a heap buffer holds {@link NativeBufferPool#SMALL} bytes if it asked for no
 * more than that, otherwise {@link NativeBufferPool#LARGE}. A coroutine that waits with a direct
 * buffer, or in a read of a socket, holds none.
 *
 * <p>One operation moves at most {@link #MAX_TRANSFER} bytes: the kernel copies cached bytes on the
 * caller's thread, which for a coroutine is the loop's.
 */
public abstract class LinuxChannel {
  /** The largest transfer of one operation: copying it takes about a tenth of a millisecond. */
  protected static final int MAX_TRANSFER = 1 << 20;

  /** The descriptor. */
  public final Descriptor descriptor;

  // Most callers reuse one buffer; asking the JDK for its address allocates each time.
  private @Nullable BufferAddress lastTarget;
  private @Nullable BufferAddress lastSource;

  protected LinuxChannel(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** Reads bytes to {@code address}; returns the count, 0 at the end, or -errno. */
  protected abstract int readNative(LinuxIo io, long address, int length, long offset)
      throws IOException;

  /** Writes bytes from {@code address}; returns the count, or -errno. */
  protected abstract int writeNative(LinuxIo io, long address, int length, long offset)
      throws IOException;

  /** The size of the native buffer through which {@code wanted} bytes of the heap are copied. */
  protected int bufferSizeFor(int wanted) {
    return wanted;
  }

  /** The exception for an errno. */
  protected abstract IOException error(int errno);

  /** Reads into a buffer and moves its position; returns the count, or -1 at the end. */
  protected final int readInto(ByteBuffer target, long offset) throws IOException {
    Targets.requireWritable(target);
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

  /** Converts the result of a system call to that of a read: -1 at the end. */
  protected final int checkedCount(int result) throws IOException {
    if (result < 0) {
      throw error(-result);
    }
    return result == 0 ? -1 : result;
  }

  /** Reads into a buffer and moves its position; returns the count, 0 at the end, or -errno. */
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
   * Reads into a heap buffer and moves its position; returns the count, 0 at the end, or -errno.
   */
  protected int readHeap(LinuxIo io, ByteBuffer target, long offset) throws IOException {
    NativeBuffer buffer = io.acquireBuffer(bufferSizeFor(target.remaining()));
    try {
      int wanted = Math.min(target.remaining(), buffer.capacity());
      int count = readNative(io, buffer.address(), wanted, offset);
      if (count > 0) {
        buffer.copyTo(target, count);
      }
      return count;
    } finally {
      io.releaseBuffer(buffer);
    }
  }

  /** Writes from a buffer and moves its position; returns the count. */
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
   * Writes several buffers with one operation. Their bytes are copied into one native buffer, as
   * those of a heap buffer are anyway. A buffer that would fill a native buffer is written alone.
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
    LinuxIo io = LinuxIo.acquire();
    if (first == end - 1
        || sources[first].remaining() >= NativeBufferPool.LARGE
        || io.isShortOfBuffers()) {
      io.release();
      return writeFrom(sources[first], Linux.AT_POSITION);
    }
    NativeBuffer buffer = io.acquireBuffer(NativeBufferPool.LARGE);
    try {
      int offered = 0;
      for (int i = first; i < end && offered < buffer.capacity(); i++) {
        int count = Math.min(sources[i].remaining(), buffer.capacity() - offered);
        buffer.copyFrom(sources[i], count, offered);
        offered += count;
      }
      int count = writeNative(io, buffer.address(), offered, Linux.AT_POSITION);
      if (count < 0) {
        throw error(-count);
      }
      advance(sources, first, count);
      return count;
    } finally {
      io.releaseBuffer(buffer);
      io.release();
    }
  }

  private static void advance(ByteBuffer[] written, int from, int count) {
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

  /** Writes from a heap buffer, whose position does not move; returns the count, or -errno. */
  protected int writeHeap(LinuxIo io, ByteBuffer source, long offset) throws IOException {
    NativeBuffer buffer = io.acquireBuffer(bufferSizeFor(source.remaining()));
    try {
      int offered = Math.min(source.remaining(), buffer.capacity());
      buffer.copyFrom(source, offered, 0);
      return writeNative(io, buffer.address(), offered, offset);
    } finally {
      io.releaseBuffer(buffer);
    }
  }

  @Override
  public final String toString() {
    return descriptor.toString();
  }

  /** Closes the descriptor. Not cancellable. */
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
