package dev.goasync.internal.loop;

/**
 * Sets and clears the interrupt status of a fiber's thread, and keeps the interrupts that stand for
 * a cancel apart from those of other code; see the life of a cancel in {@link Fiber}.
 */
public final class Interrupts {
  private Interrupts() {}

  /**
   * Interrupts the thread of {@code fiber} for a cancel. An interrupt of other code that is pending
   * stays one: its status survives the end of the cancelled scope.
   */
  static void forCancel(Fiber fiber, Thread thread) {
    if (!thread.isInterrupted()) {
      fiber.cancelInterrupted = true;
      thread.interrupt();
    }
  }

  /**
   * Clears the interrupt status of the calling thread before work that a pending cancel or
   * interrupt must not end. Pair with {@link #restore}.
   *
   * @return whether other code had interrupted the thread
   */
  public static boolean clear() {
    Fiber fiber = Fiber.currentIncludingSync();
    boolean ofCancel = fiber != null && fiber.cancelInterrupted;
    if (fiber != null) {
      fiber.cancelInterrupted = false;
    }
    return Thread.interrupted() && !ofCancel;
  }

  /** Sets the status again, as an interrupt of other code or for a cancel that is pending. */
  public static void restore(boolean interrupted) {
    Thread thread = Thread.currentThread();
    Fiber fiber = Fiber.currentIncludingSync();
    if (interrupted) {
      thread.interrupt();
    } else if (fiber != null && fiber.isCancelPending()) {
      forCancel(fiber, thread);
    }
  }
}
