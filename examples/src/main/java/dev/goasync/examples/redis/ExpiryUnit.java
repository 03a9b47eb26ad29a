package dev.goasync.examples.redis;

import org.jspecify.annotations.Nullable;

/** How the time of a key's end is given. */
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

  /** The unit that a word names; null if it names none. */
  static @Nullable ExpiryUnit of(Request request, int word) {
    for (ExpiryUnit unit : values()) {
      if (request.is(word, unit.name())) {
        return unit;
      }
    }
    return null;
  }

  /**
   * The time in milliseconds since 1970.
   *
   * @throws RedisException if there is no such time
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
