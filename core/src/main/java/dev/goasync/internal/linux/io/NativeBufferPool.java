package dev.goasync.internal.linux.io;

/**
 * Two stacks of idle chunks, small and large. Owned by a loop, or by the thread that borrowed an
 * {@code LinuxIo}. Keeps at most so many; what is lent beyond is left to the garbage collector.
 */
public final class NativeBufferPool {
  /** Most bytes that one operation moves through a chunk. */
  public static final int LARGE = 64 * 1024;

  static final int SMALL = 4 * 1024;

  /** Where large ones begin: at what transfers past the page cache ask for. */
  private static final int ALIGNMENT = 4 * 1024;

  private static final int UNALIGNED = 1;

  private final NativeBuffer[] small;
  private final NativeBuffer[] large;
  private int smallIdle;
  private int largeIdle;

  /** Keeps at most {@code largeOnes} idle large chunks, and as many bytes of small ones. */
  public NativeBufferPool(int largeOnes) {
    small = new NativeBuffer[largeOnes * (LARGE / SMALL)];
    large = new NativeBuffer[largeOnes];
  }

  /** Takes a chunk of at least {@code wanted} bytes, or of the largest size. */
  public NativeBuffer take(int wanted) {
    if (wanted <= SMALL) {
      return smallIdle > 0 ? small[--smallIdle] : new NativeBuffer(SMALL, UNALIGNED);
    }
    return largeIdle > 0 ? large[--largeIdle] : new NativeBuffer(LARGE, ALIGNMENT);
  }

  /** Takes a chunk back. */
  public void release(NativeBuffer chunk) {
    if (chunk.capacity() == SMALL) {
      if (smallIdle < small.length) {
        small[smallIdle++] = chunk;
      }
    } else if (largeIdle < large.length) {
      large[largeIdle++] = chunk;
    }
  }
}
