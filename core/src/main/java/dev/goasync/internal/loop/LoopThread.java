package dev.goasync.internal.loop;

/** The thread of a loop that has one of its own. */
final class LoopThread extends Thread {
  LoopThread(Loop loop, String name, boolean daemon) {
    super(null, loop::runUntilClosed, name, 0, false);
    setDaemon(daemon);
  }
}
