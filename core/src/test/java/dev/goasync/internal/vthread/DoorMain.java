package dev.goasync.internal.vthread;

/** Prints which way the door was opened; started by {@link DoorIT} in a JVM of its own. */
final class DoorMain {
  private DoorMain() {}

  public static void main(String[] arguments) {
    System.out.println(Door.explanation());
  }
}
