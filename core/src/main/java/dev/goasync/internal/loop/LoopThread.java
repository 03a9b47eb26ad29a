package dev.goasync.internal.loop;

/** The thread of a loop that was started with a thread of its own, or of a simulation's loops. */
final class LoopThread extends Thread {
  /**
   * The frames of a running coroutine lie on this thread's stack, so this bounds their recursion:
   * some hundred thousand plain frames. Only address space; the kernel allocates what is used.
   */
  private static final long STACK_BYTES = 16 * 1024 * 1024;

  LoopThread(Runnable body, String name, boolean daemon) {
    super(null, body, name, STACK_BYTES, false);
    setDaemon(daemon);
  }
}
