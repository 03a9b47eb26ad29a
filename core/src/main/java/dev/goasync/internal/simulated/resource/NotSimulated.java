package dev.goasync.internal.simulated.resource;

/** Makes the exception for what a simulation does not have. */
public final class NotSimulated {
  private NotSimulated() {}

  /** The exception for what a simulated host does not have. */
  public static UnsupportedOperationException exception(Object what) {
    return new UnsupportedOperationException(
        "a simulation does not have " + what + "; docs/guide/simulation.md lists what it has");
  }
}
