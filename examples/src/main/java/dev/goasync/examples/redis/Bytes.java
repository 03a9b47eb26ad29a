package dev.goasync.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of bytes as a key of a map. For look-ups, one instance is used as a view that moves
 * over a request's bytes, so that a look-up allocates nothing; a map contains copies, which never
 * move.
 *
 * <p>The class is comparable, so that a {@code HashMap} stays fast if a client sends keys with
 * equal hash codes.
 */
final class Bytes implements Comparable<Bytes> {
  private byte[] array;
  private int from;
  private int length;
  private int hash;

  /** Creates an empty view. */
  Bytes() {
    array = new byte[0];
  }

  private Bytes(byte[] own, int hash) {
    this.array = own;
    this.length = own.length;
    this.hash = hash;
  }

  static Bytes of(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return new Bytes().view(bytes, 0, bytes.length).copy();
  }

  /** Moves this view to other bytes, and returns it. */
  Bytes view(byte[] viewed, int start, int count) {
    array = viewed;
    from = start;
    length = count;
    int sum = 0;
    for (int i = start; i < start + count; i++) {
      sum = 31 * sum + viewed[i];
    }
    hash = sum;
    return this;
  }

  Bytes copy() {
    return new Bytes(Arrays.copyOfRange(array, from, from + length), hash);
  }

  int length() {
    return length;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof Bytes other
        && hash == other.hash
        && Arrays.equals(
            array, from, from + length, other.array, other.from, other.from + other.length);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compare(
        array, from, from + length, other.array, other.from, other.from + other.length);
  }

  @Override
  public String toString() {
    return new String(array, from, length, ISO_8859_1);
  }
}
