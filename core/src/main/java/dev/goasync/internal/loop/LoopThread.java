package dev.goasync.internal.loop;

/** The thread of a loop that has one of its own. */
final class LoopThread extends Thread {
  /**
   * A running coroutine's frames lie on its carrier's stack, so this bounds their recursion: some
   * hundred thousand plain frames. Address space only; the kernel gives memory for what is used.
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
