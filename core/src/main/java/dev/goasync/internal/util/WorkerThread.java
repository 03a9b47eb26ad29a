package dev.goasync.internal.util;

/**
 * A daemon thread of the library that runs no code of the user. It wakes a coroutine only by
 * finishing a call that the coroutine waits for, so deadlock detection does not count it as a
 * thread that could wake others.
 *
 * <p>It inherits no thread-locals: the coroutine whose call starts the thread is any one of those
 * that share the pool.
 */
public final class WorkerThread extends Thread {
  /** Creates the thread without starting it; its number is appended to the name. */
  public WorkerThread(Runnable work, String namePrefix) {
    super(null, work, "", 0, false);
    setName(namePrefix + threadId());
    setDaemon(true);
  }
}
