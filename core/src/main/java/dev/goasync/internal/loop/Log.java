package dev.goasync.internal.loop;

import org.jspecify.annotations.Nullable;

/** Where loops tell of what nobody is there to be told. */
final class Log {
  private Log() {}

  static void error(String what, @Nullable Throwable error) {
    // Asked for here and not in a field: the logging system costs a start some 10 ms.
    System.getLogger("dev.goasync").log(System.Logger.Level.ERROR, what, error);
  }
}
