package dev.goasync.internal.util;

/**
 * A daemon thread of a worker pool. It wakes a coroutine only by finishing a call that the
 * coroutine waits for, so deadlock detection does not count it as a thread that could wake others.
 */
public final class WorkerThread extends Thread {
  /** Creates the thread without starting it. It inherits no thread locals from its creator. */
  public WorkerThread(Runnable work, String namePrefix) {
    super(null, work, "", 0, false);
    setName(namePrefix + threadId());
    setDaemon(true);
  }
}
