package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.internal.util.SpinLock;
import dev.goasync.internal.util.UnclosedResource;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * A file descriptor that counts the operations which use its number. Any thread.
 *
 * <p>Protocol: an operation {@link #enter}s, uses the number, and {@link #leave}s. A close forbids
 * further entries and interrupts the operations inside. The last operation to leave, or the closer
 * if there is none inside, closes the number in the kernel. So a number never names another file
 * while an operation uses it. An owned number whose descriptor becomes unreachable is closed, with
 * a warning; an operation keeps its descriptor reachable until it leaves.
 */
public final class Descriptor {
  /** One operation inside a descriptor: an intrusive list node, created once and reused. */
  public abstract static class Use {
    private @Nullable Use previous;
    private @Nullable Use next;

    /**
     * Called when the descriptor is closed: the operation must end soon. Any thread, under the
     * descriptor's lock; must not wait.
     */
    protected abstract void interrupt();
  }

  private final int fd;
  private final Object name;
  private final boolean owned;

  private boolean shortReceives;
  private volatile boolean shared;

  private final SpinLock lock = new SpinLock();

  // Guarded by the lock.
  /** Null for the descriptors of the static methods, which say why. */
  private @Nullable UnclosedResource watch;

  private @Nullable Use uses;
  private volatile boolean closed;
  private boolean drained = true;

  /** Null until the kernel was asked; every caller computes the same value. */
  private @Nullable Boolean mayWaitWithoutEnd;

  /** Null until the first transfer on a ring; every caller computes the same value. */
  private @Nullable Boolean transfersWhenReady;

  /**
   * @param name the file's path or the socket's address, for messages
   */
  public Descriptor(int fd, Object name) {
    this(fd, name, true, true);
  }

  private Descriptor(int fd, Object name, boolean owned, boolean watched) {
    this.fd = fd;
    this.name = name;
    this.owned = owned;
    this.watch =
        watched ? UnclosedResource.watch(this, name, () -> DescriptorCalls.closeNumber(fd)) : null;
  }

  /** A descriptor that another owner closes: closing this object only ends the operations. */
  public static Descriptor unowned(int fd, Object name) {
    return new Descriptor(fd, name, false, false);
  }

  /** A descriptor that the method which opens it closes: it needs no cleaner. */
  public static Descriptor ofOneCall(int fd, Object name) {
    return new Descriptor(fd, name, true, false);
  }

  /**
   * A descriptor that came as a number from other code or another process. It is not closed when it
   * becomes unreachable: if the rest of the takeover fails, the caller still owns the number.
   */
  public static Descriptor takenOver(int fd, Object name) {
    Descriptor descriptor = new Descriptor(fd, name, true, false);
    descriptor.markShared();
    return descriptor;
  }

  /**
   * Watches a prefetch's owner instead of this descriptor, which the armed operation of the
   * prefetch keeps reachable: an owner that becomes unreachable ends the prefetch and closes the
   * descriptor, with the same warning.
   *
   * @param owner the only user of the prefetch; the prefetch must not refer to it
   */
  public void watchOwner(Object owner, Prefetch prefetch) {
    lock.lock();
    try {
      if (watch != null && !closed) {
        watch =
            watch.moveTo(
                owner,
                () -> {
                  prefetch.endLater();
                  DescriptorCalls.close(this);
                });
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether the last receive, if any, probably emptied the socket, so that the next receive should
   * wait before it tries. A hint, owned by the socket's reader.
   */
  public boolean isDrained() {
    return drained;
  }

  /** Sets {@link #isDrained}. */
  public void setDrained(boolean isDrained) {
    drained = isDrained;
  }

  /**
   * Declares that a receive may return less than it could: on a Unix socket it ends after bytes
   * that came with descriptors. Called before the first use.
   */
  public void setShortReceives() {
    shortReceives = true;
  }

  /** Whether a receive may return less than it could; see {@link #setShortReceives}. */
  public boolean hasShortReceives() {
    return shortReceives;
  }

  /** Records that another process, or another number, has the same open file. */
  public void markShared() {
    shared = true;
  }

  /** Whether the open file may have another owner, and so may outlive the close. */
  public boolean isShared() {
    return shared;
  }

  /** The cached result of {@link LinuxIo#mayWaitWithoutEnd}; null before the first call. */
  @Nullable Boolean mayWaitWithoutEnd() {
    return mayWaitWithoutEnd;
  }

  /** Caches the result of {@link LinuxIo#mayWaitWithoutEnd}. */
  void setMayWaitWithoutEnd(boolean may) {
    mayWaitWithoutEnd = may;
  }

  /**
   * Whether a ring must not submit transfers of this descriptor, since the kernel could block in
   * them; null before the first transfer.
   */
  public @Nullable Boolean transfersWhenReady() {
    return transfersWhenReady;
  }

  /** Caches {@link #transfersWhenReady}. */
  public void setTransfersWhenReady(boolean whenReady) {
    transfersWhenReady = whenReady;
  }

  /** Starts an operation; returns the number, which is valid until {@link #leave}. */
  public int enter(Use use) throws ClosedChannelException {
    lock.lock();
    try {
      checkOpen();
      Use first = uses;
      use.next = first;
      if (first != null) {
        first.previous = use;
      }
      uses = use;
      return fd;
    } finally {
      lock.unlock();
    }
  }

  /** Ends an operation. */
  public void leave(Use use, SystemCalls calls) {
    if (unlink(use)) {
      calls.close(fd);
    }
  }

  /** Removes the use; returns whether the caller must close the number. */
  boolean unlink(Use use) {
    lock.lock();
    Use before = use.previous;
    Use after = use.next;
    if (before == null) {
      uses = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    use.previous = null;
    use.next = null;
    boolean last = closed && uses == null;
    lock.unlock();
    return last && owned;
  }

  /** Whether the descriptor has been closed. */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Checks that the descriptor is open.
   *
   * @throws ClosedChannelException if it has been closed
   */
  public void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /** Closes; returns 0 or -errno. Closing again has no effect. */
  public int close(LinuxIo io) {
    return markClosed() ? io.close(fd) : 0;
  }

  /** Closes on the calling thread: for a directory, whose close never waits. */
  public void closeNow(SystemCalls calls) {
    if (markClosed()) {
      calls.close(fd);
    }
  }

  /** Marks the descriptor closed; returns whether the caller must close the number. */
  boolean markClosed() {
    lock.lock();
    boolean unused;
    UnclosedResource watched;
    try {
      if (closed) {
        return false;
      }
      closed = true;
      watched = watch;
      for (Use use = uses; use != null; use = use.next) {
        use.interrupt();
      }
      unused = uses == null;
    } finally {
      lock.unlock();
    }
    if (watched != null) {
      watched.closed();
    }
    return unused && owned;
  }

  /** The name given to the constructor. */
  @Override
  public String toString() {
    return name.toString();
  }
}
