package dev.goasync.examples.redis;

/** Parses integers as Redis does: without a plus sign, a leading zero or a blank. */
final class Integers {
  private Integers() {}

  static long parse(byte[] bytes) throws RedisException {
    return parse(bytes, 0, bytes.length);
  }

  static long parse(byte[] bytes, int from, int length) throws RedisException {
    int first = length > 0 && bytes[from] == '-' ? from + 1 : from;
    int end = from + length;
    if (first == end || (bytes[first] == '0' && length > 1)) {
      throw RedisException.ofInteger();
    }
    long negated = 0; // since the smallest number has no positive counterpart
    for (int i = first; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || negated < (Long.MIN_VALUE + digit) / 10) {
        throw RedisException.ofInteger();
      }
      negated = 10 * negated - digit;
    }
    if (first == from && negated == Long.MIN_VALUE) {
      throw RedisException.ofInteger();
    }
    return first == from ? -negated : negated;
  }
}
