package dev.goasync.examples.replicated;

import org.jspecify.annotations.Nullable;

/**
 * An operation of a history.
 *
 * @param value the argument
 * @param result the value of the key afterwards; meaningless if the operation was not answered
 * @param start when it was called
 * @param end when it was answered; the largest long if it was not
 */
record Operation(
    Command.Kind kind, String key, String value, @Nullable String result, long start, long end) {
  static final long NEVER = Long.MAX_VALUE;

  boolean isAnswered() {
    return end != NEVER;
  }

  /** The value of the key after this operation. */
  @Nullable String apply(@Nullable String before) {
    return switch (kind) {
      case NOTHING, GET -> before;
      case PUT -> value;
      case APPEND -> before == null ? value : before + value;
    };
  }
}
