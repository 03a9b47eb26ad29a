package dev.goasync.junit;

/**
 * The seeds of one invocation.
 *
 * @param first the first seed
 * @param count the number of seeds
 */
record SeedRange(long first, int count) {
  @Override
  public String toString() {
    return count == 1 ? "seed " + first : "seeds " + first + " to " + (first + count - 1);
  }
}
