package dev.goasync.internal.epoll;

import dev.goasync.internal.linux.io.Descriptor;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * The epoll registration of one descriptor number, with the waits for it. Owned by the loop.
 *
 * <p>After a close the kernel reuses the number for another file. So a registration is valid for
 * one {@link Descriptor}, and its events carry a generation that distinguishes them from events of
 * the previous file.
 */
final class Registration {
  final int fd;
  int generation;

  /**
   * The descriptor that is registered; null if there is none. Weak: the registration outlives its
   * waits, and must not keep a descriptor reachable that the program has dropped.
   */
  private @Nullable WeakReference<Descriptor> owner;

  /** The -errno of a failed registration or renewal; 0 otherwise. */
  int error;

  /** Whether the kernel reports events; it does not for regular files, which are always ready. */
  boolean pollable;

  /** Whether input ended or failed: no further event may come. */
  boolean ended;

  /** Whether all input has been received: an event comes before there is more. */
  boolean drained;

  // The list of waits.
  private @Nullable EpollWait first;
  private @Nullable EpollWait last;

  Registration(int fd) {
    this.fd = fd;
  }

  /** Starts the registration of another descriptor. */
  void assign(Descriptor newOwner) {
    owner = new WeakReference<>(newOwner);
    generation = generation + 1 & Integer.MAX_VALUE;
    error = 0;
    ended = false;
    drained = false;
  }

  /** Ends the registration of the descriptor. */
  void clear() {
    owner = null;
  }

  /** Whether it is the registration of {@code descriptor}. */
  boolean isOf(Descriptor descriptor) {
    WeakReference<Descriptor> registered = owner;
    return registered != null && registered.refersTo(descriptor);
  }

  /** Whether another process may have the open file of the registered descriptor. */
  boolean isShared() {
    Descriptor registered = owner == null ? null : owner.get();
    return registered != null && registered.isShared();
  }

  /**
   * Whether the descriptor was closed here, or collected, while its open file lives on elsewhere.
   */
  boolean isOrphaned() {
    if (owner == null || first != null) {
      return false;
    }
    Descriptor registered = owner.get();
    return registered == null || registered.isClosed();
  }

  /** Whether a receive before the next event would return EAGAIN. */
  boolean isDrained() {
    return drained && !ended;
  }

  long data() {
    return (long) generation << Integer.SIZE | fd;
  }

  void add(EpollWait wait) {
    EpollWait before = last;
    wait.previous = before;
    wait.next = null;
    wait.registration = this;
    last = wait;
    if (before == null) {
      first = wait;
    } else {
      before.next = wait;
    }
  }

  void remove(EpollWait wait) {
    EpollWait before = wait.previous;
    EpollWait after = wait.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    wait.previous = null;
    wait.next = null;
    wait.registration = null;
  }

  /** Ends the waits for any of the events, in order. */
  void endWaits(int events) {
    EpollWait wait = first;
    while (wait != null) {
      EpollWait next = wait.next;
      if ((wait.events & events) != 0) {
        wait.end();
      }
      wait = next;
    }
  }
}
