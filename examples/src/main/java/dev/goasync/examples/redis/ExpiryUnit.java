package dev.goasync.examples.redis;

import org.jspecify.annotations.Nullable;

/** The unit of an expiry time in a request. */
enum ExpiryUnit {
  /** In seconds from now. */
  EX(1000, true),
  /** In milliseconds from now. */
  PX(1, true),
  /** In seconds since 1970. */
  EXAT(1000, false),
  /** In milliseconds since 1970. */
  PXAT(1, false);

  private final int millis;
  private final boolean fromNow;

  ExpiryUnit(int millis, boolean fromNow) {
    this.millis = millis;
    this.fromNow = fromNow;
  }

  /** Returns the unit that a word of the request names; null if it names none. */
  static @Nullable ExpiryUnit of(Request request, int word) {
    for (ExpiryUnit unit : values()) {
      if (request.is(word, unit.name())) {
        return unit;
      }
    }
    return null;
  }

  /**
   * Converts a time to milliseconds since 1970.
   *
   * @throws RedisException if the result overflows
   */
  long at(long time, long now, String command) throws RedisException {
    try {
      return Math.addExact(Math.multiplyExact(time, millis), fromNow ? now : 0);
    } catch (ArithmeticException tooFar) {
      throw invalidTime(command);
    }
  }

  static RedisException invalidTime(String command) {
    return new RedisException("ERR invalid expire time in '" + command + "' command");
  }
}
