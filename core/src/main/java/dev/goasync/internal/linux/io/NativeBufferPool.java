package dev.goasync.internal.linux.io;

/**
 * A pool of small and large native buffers. Owned by a loop, or by the thread that acquired a
 * {@code LinuxIo}. Keeps a limited number of idle buffers; the garbage collector frees the rest.
 */
public final class NativeBufferPool {
  /** The capacity of a large buffer, and the largest transfer of one operation through one. */
  public static final int LARGE = 64 * 1024;

  static final int SMALL = 4 * 1024;

  /** The alignment of large buffers, which transfers past the page cache need. */
  private static final int ALIGNMENT = 4 * 1024;

  private static final int UNALIGNED = 1;

  private final NativeBuffer[] small;
  private final NativeBuffer[] large;
  private int smallIdle;
  private int largeIdle;

  /** Keeps up to {@code maxIdle} idle large buffers, and as many bytes of small ones. */
  public NativeBufferPool(int maxIdle) {
    small = new NativeBuffer[maxIdle * (LARGE / SMALL)];
    large = new NativeBuffer[maxIdle];
  }

  /** Returns a buffer of at least {@code wanted} bytes, or of the largest size. */
  public NativeBuffer acquire(int wanted) {
    if (wanted <= SMALL) {
      return smallIdle > 0 ? small[--smallIdle] : new NativeBuffer(SMALL, UNALIGNED);
    }
    return largeIdle > 0 ? large[--largeIdle] : new NativeBuffer(LARGE, ALIGNMENT);
  }

  /** Returns a buffer to the pool. */
  public void release(NativeBuffer buffer) {
    if (buffer.capacity() == SMALL) {
      if (smallIdle < small.length) {
        small[smallIdle++] = buffer;
      }
    } else if (largeIdle < large.length) {
      large[largeIdle++] = buffer;
    }
  }
}
