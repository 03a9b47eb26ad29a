package dev.goasync.internal.vthread;

/** Prints the mode; {@link SchedulerAccessIT} starts it in a JVM of its own. */
final class SchedulerAccessMain {
  private SchedulerAccessMain() {}

  public static void main(String[] arguments) {
    System.out.println(SchedulerAccess.explanation());
  }
}
