package dev.goasync.internal.linux.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NativeBufferPoolTest {
  @Test
  void largeBuffersAreAlignedForDirectIo() {
    NativeBufferPool pool = new NativeBufferPool(1);
    for (int i = 0; i < 10; i++) {
      NativeBuffer buffer = pool.acquire(NativeBufferPool.LARGE);
      assertThat(buffer.address() % 4096).isZero();
      assertThat(buffer.capacity()).isEqualTo(NativeBufferPool.LARGE);
    }
  }

  @Test
  void releasedBuffersAreReused() {
    NativeBufferPool pool = new NativeBufferPool(1);
    NativeBuffer small = pool.acquire(1);
    NativeBuffer large = pool.acquire(NativeBufferPool.SMALL + 1);
    pool.release(small);
    pool.release(large);
    assertThat(pool.acquire(NativeBufferPool.SMALL)).isSameAs(small);
    assertThat(pool.acquire(NativeBufferPool.LARGE)).isSameAs(large);
    assertThat(pool.acquire(1)).isNotSameAs(small);
  }
}
