package dev.goasync.bench.program;

/** Does nothing; measures the start of Java. */
public final class Empty {
  private Empty() {}

  /** Returns. */
  public static void main(String[] args) {}
}
