package dev.goasync;

/** The library's one word, and what goes with it. */
public final class GoAsync {
  private GoAsync() {}
}
