package dev.goasync.file;

import dev.goasync.GoAsync;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.util.SpinLock;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The locks that an open file holds or awaits. Needed because the kernel lets one open file lock a
 * part twice, and the first release would end both locks. Any thread.
 */
final class FileLocks {
  private static final Duration MIN_PAUSE = Duration.ofMillis(1);
  private static final Duration MAX_PAUSE = Duration.ofMillis(16);

  private final AsyncFile file;
  private final FileHandle handle;
  private final SpinLock guard = new SpinLock();
  private final List<AsyncFileLock> known = new ArrayList<>(); // guarded by guard

  FileLocks(AsyncFile file, FileHandle handle) {
    this.file = file;
    this.handle = handle;
  }

  boolean isOpen() {
    return file.isOpen();
  }

  @Nullable AsyncFileLock tryLock(long position, long size, boolean shared) throws IOException {
    AsyncFileLock lock = enter(position, size, shared);
    boolean locked = false;
    try {
      locked = attempt(lock);
      return locked ? lock : null;
    } finally {
      leaveUnless(locked, lock);
    }
  }

  /**
   * Polls with increasing pauses. The kernel's waiting lock call would block a thread, and only a
   * signal could end it.
   */
  AsyncFileLock lock(long position, long size, boolean shared) throws IOException {
    AsyncFileLock lock = enter(position, size, shared);
    boolean locked = false;
    try {
      locked = attempt(lock);
      for (Duration pause = MIN_PAUSE; !locked; pause = next(pause)) {
        pause(pause);
        try {
          locked = attempt(lock);
        } catch (ClosedChannelException closedDuringTheWait) {
          throw new AsynchronousCloseException();
        }
      }
      return lock;
    } finally {
      leaveUnless(locked, lock);
    }
  }

  private static Duration next(Duration pause) {
    return pause.compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
  }

  private static void pause(Duration pause) throws FileLockInterruptionException {
    boolean thread = !GoAsync.inCoroutine();
    try {
      GoAsync.sleep(pause);
    } catch (CancellationException cancelled) {
      if (thread) {
        throw new FileLockInterruptionException();
      }
      throw cancelled;
    }
  }

  private boolean attempt(AsyncFileLock lock) throws IOException {
    return handle.tryLock(lock.position(), lock.size(), lock.isShared());
  }

  void release(AsyncFileLock lock) throws IOException {
    try {
      handle.unlock(lock.position(), lock.size());
    } finally {
      leaveUnless(false, lock);
    }
  }

  private AsyncFileLock enter(long position, long size, boolean shared) {
    if (position < 0 || size < 0 || position + size < 0) {
      throw new IllegalArgumentException(problem(position, size));
    }
    long length = size == 0 ? Long.MAX_VALUE - position : size;
    AsyncFileLock entered = new AsyncFileLock(this, position, length, shared);
    guard.lock();
    try {
      for (AsyncFileLock other : known) {
        if (other.overlaps(position, length)) {
          throw new OverlappingFileLockException();
        }
      }
      known.add(entered);
    } finally {
      guard.unlock();
    }
    return entered;
  }

  private static String problem(long position, long size) {
    if (position < 0) {
      return "position is negative: " + position;
    }
    return size < 0
        ? "size is negative: " + size
        : "position + size overflows: " + position + " + " + size;
  }

  private void leaveUnless(boolean keep, AsyncFileLock lock) {
    if (!keep) {
      guard.lock();
      known.remove(lock);
      guard.unlock();
    }
  }

  @Override
  public String toString() {
    return file.path().toString();
  }
}
