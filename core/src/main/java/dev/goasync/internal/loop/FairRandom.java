package dev.goasync.internal.loop;

/** A deterministic pseudo-random generator: the same sequence in every run. Owned by a loop. */
final class FairRandom {
  private long state;

  /** The sequence of every loop outside a simulation. */
  FairRandom() {
    this(0x9E37_79B9_7F4A_7C15L);
  }

  FairRandom(long seed) {
    state = seed != 0 ? seed : 1; // from 0 every number would be 0
  }

  /** A number from 0 to {@code bound - 1}, by Marsaglia's xorshift (2003). */
  int nextInt(int bound) {
    state ^= state << 13;
    state ^= state >>> 7;
    state ^= state << 17;
    return (int) ((state >>> 33) % bound);
  }
}
