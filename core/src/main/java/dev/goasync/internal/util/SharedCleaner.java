package dev.goasync.internal.util;

import java.lang.ref.Cleaner;

/** The library's cleaner; its thread is started at the first registration. Any thread. */
public final class SharedCleaner {
  private static final Cleaner CLEANER =
      Cleaner.create(work -> new WorkerThread(work, "goasync-cleaner-"));

  private SharedCleaner() {}

  /** Calls {@code action} on the cleaner's thread when {@code owner} is unreachable. */
  public static Cleaner.Cleanable register(Object owner, Runnable action) {
    return CLEANER.register(owner, action);
  }
}
