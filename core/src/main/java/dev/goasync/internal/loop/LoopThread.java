package dev.goasync.internal.loop;

/** The thread of a loop that was started with a thread of its own. */
final class LoopThread extends Thread {
  /**
   * The frames of a running coroutine lie on this thread's stack, so this bounds their recursion:
   * some hundred thousand plain frames. Only address space; the kernel allocates what is used.
   */
  private static final long STACK_BYTES = 16 * 1024 * 1024;

  private final Loop loop;

  LoopThread(Loop loop, String name, boolean daemon) {
    super(null, null, name, STACK_BYTES, false);
    this.loop = loop;
    setDaemon(daemon);
  }

  @Override
  public void run() {
    loop.runUntilClosed();
  }
}
