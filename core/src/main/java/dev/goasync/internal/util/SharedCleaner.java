package dev.goasync.internal.util;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/** The library's cleaner; its thread is started at the first registration. Any thread. */
public final class SharedCleaner {
  private static final Cleaner.Cleanable NOTHING = () -> {};

  private static volatile @Nullable Cleaner cleaner;

  private SharedCleaner() {}

  /**
   * Calls {@code action} on the cleaner's thread when {@code owner} is unreachable. Never, if the
   * limit of threads leaves none for the cleaner: its callers work without it.
   */
  public static Cleaner.Cleanable register(Object owner, Runnable action) {
    Cleaner running = cleaner;
    if (running == null) {
      running = start();
    }
    return running == null ? NOTHING : running.register(owner, action);
  }

  /** Returns null if no thread can be started; the next registration tries again. */
  private static synchronized @Nullable Cleaner start() {
    Cleaner running = cleaner;
    if (running == null) {
      try {
        running = Cleaner.create(work -> new WorkerThread(work, "goasync-cleaner-"));
        cleaner = running;
      } catch (OutOfMemoryError noThread) {
        return null;
      }
    }
    return running;
  }
}
