package dev.goasync.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ChunksTest {
  @Test
  void largeOnesAreAlignedForTransfersPastThePageCache() {
    Chunks chunks = new Chunks(1);
    for (int i = 0; i < 10; i++) {
      Chunk chunk = chunks.take(Chunks.LARGE);
      assertThat(chunk.address() % 4096).isZero();
      assertThat(chunk.capacity()).isEqualTo(Chunks.LARGE);
    }
  }

  @Test
  void whatIsGivenBackIsLentAgain() {
    Chunks chunks = new Chunks(1);
    Chunk small = chunks.take(1);
    Chunk large = chunks.take(Chunks.SMALL + 1);
    chunks.giveBack(small);
    chunks.giveBack(large);
    assertThat(chunks.take(Chunks.SMALL)).isSameAs(small);
    assertThat(chunks.take(Chunks.LARGE)).isSameAs(large);
    assertThat(chunks.take(1)).isNotSameAs(small);
  }
}
