package dev.goasync.internal.backend;

import dev.goasync.internal.loop.PollerFactory;

/** Temporary: replaced when the backend lands. */
public final class Backends {
  private Backends() {}

  public static PollerFactory lazyPollerFactory() {
    return loop -> {
      throw new UnsupportedOperationException("no backend");
    };
  }

  public static String describe() {
    return "no backend";
  }
}
