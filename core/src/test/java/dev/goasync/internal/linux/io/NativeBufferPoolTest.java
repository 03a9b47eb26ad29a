package dev.goasync.internal.linux.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NativeBufferPoolTest {
  @Test
  void largeOnesAreAlignedForTransfersPastThePageCache() {
    NativeBufferPool chunks = new NativeBufferPool(1);
    for (int i = 0; i < 10; i++) {
      NativeBuffer chunk = chunks.take(NativeBufferPool.LARGE);
      assertThat(chunk.address() % 4096).isZero();
      assertThat(chunk.capacity()).isEqualTo(NativeBufferPool.LARGE);
    }
  }

  @Test
  void whatIsGivenBackIsLentAgain() {
    NativeBufferPool chunks = new NativeBufferPool(1);
    NativeBuffer small = chunks.take(1);
    NativeBuffer large = chunks.take(NativeBufferPool.SMALL + 1);
    chunks.release(small);
    chunks.release(large);
    assertThat(chunks.take(NativeBufferPool.SMALL)).isSameAs(small);
    assertThat(chunks.take(NativeBufferPool.LARGE)).isSameAs(large);
    assertThat(chunks.take(1)).isNotSameAs(small);
  }
}
