package dev.goasync.bench.program;

/** Does nothing: what starting Java costs. */
public final class Empty {
  private Empty() {}

  /** Returns. */
  public static void main(String[] args) {}
}
