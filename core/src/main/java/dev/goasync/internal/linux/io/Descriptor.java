package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.internal.util.SpinLock;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * A file descriptor with the operations that are inside it. Any thread.
 *
 * <p>Protocol: an operation {@link #enter}s, uses the number, and {@link #leave}s. Closing forbids
 * further entries and interrupts who is inside; whoever leaves last, or the closer if there is
 * nobody, gives the number back to the kernel. So a number in use never comes to name another file.
 */
public final class Descriptor {
  /** One operation's presence in a descriptor: an intrusive list node, made once and used again. */
  public abstract static class Use {
    private @Nullable Use previous;
    private @Nullable Use next;

    /**
     * The descriptor is closed: end soon. Any thread, under the descriptor's lock; must not wait.
     */
    protected abstract void interrupt();
  }

  private final int fd;
  private final Object name;
  private final boolean owned;

  private boolean stopsShort;
  private volatile boolean shared;

  private final SpinLock lock = new SpinLock();

  // Guarded by the lock.
  private @Nullable Use uses;
  private volatile boolean closed;
  private boolean drained = true;

  /** Null before anybody has asked the kernel; whoever asks is told the same. */
  private @Nullable Boolean mayWaitWithoutEnd;

  /**
   * @param name the file's path or the socket's address, for messages
   */
  public Descriptor(int fd, Object name) {
    this(fd, name, true);
  }

  private Descriptor(int fd, Object name, boolean owned) {
    this.fd = fd;
    this.name = name;
    this.owned = owned;
  }

  /** Somebody else's number: closing this only ends our use of it. */
  public static Descriptor unowned(int fd, Object name) {
    return new Descriptor(fd, name, false);
  }

  /**
   * Whether the last receive, if there was one, seems to have taken all that was there, so that the
   * next had better wait first than try in vain. A hint: its owner is the socket's reader.
   */
  public boolean isDrained() {
    return drained;
  }

  /** Sets {@link #isDrained}. */
  public void setDrained(boolean isDrained) {
    drained = isDrained;
  }

  /**
   * A receive may bring less than was asked for though there is more: from a Unix socket, where it
   * ends behind bytes that descriptors came with. To be said before the descriptor is used.
   */
  public void stopsShort() {
    stopsShort = true;
  }

  /** Whether {@link #stopsShort} was said. */
  public boolean isStoppingShort() {
    return stopsShort;
  }

  /** Somebody else has the same open file now, by a number of his own: another process, say. */
  public void markShared() {
    shared = true;
  }

  /** Whether somebody else may have the same open file, which then goes on after the close. */
  public boolean isShared() {
    return shared;
  }

  /** What {@link LinuxIo#mayWaitWithoutEnd} has found out; null if nothing yet. */
  @Nullable Boolean mayWaitWithoutEnd() {
    return mayWaitWithoutEnd;
  }

  /** Sets it for good. */
  void setMayWaitWithoutEnd(boolean may) {
    mayWaitWithoutEnd = may;
  }

  /** Begins an operation; returns the number to use until {@link #leave}. */
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

  /** Returns whether the number must be closed. */
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

  /** Whether it has been closed. */
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

  /** Closes; returns 0 or -errno. Closing again does nothing. */
  public int close(LinuxIo io) {
    return markClosed() ? io.close(fd) : 0;
  }

  /** Returns whether the caller must close the number. */
  boolean markClosed() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      for (Use use = uses; use != null; use = use.next) {
        use.interrupt();
      }
      return uses == null && owned;
    } finally {
      lock.unlock();
    }
  }

  /** The name it was given. */
  @Override
  public String toString() {
    return name.toString();
  }
}
