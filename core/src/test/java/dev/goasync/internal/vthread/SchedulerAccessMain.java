package dev.goasync.internal.vthread;

/**
 * Prints which way the door was opened; started by {@link SchedulerAccessIT} in a JVM of its own.
 */
final class SchedulerAccessMain {
  private SchedulerAccessMain() {}

  public static void main(String[] arguments) {
    System.out.println(SchedulerAccess.explanation());
  }
}
