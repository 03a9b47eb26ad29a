package dev.goasync.internal.epoll;

import dev.goasync.internal.linux.io.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * What a poller knows of one descriptor number, and who waits for it. Owned by the loop.
 *
 * <p>A number comes to name another file when it has been closed, by whomever. So it is valid for
 * one {@link Descriptor}, and its events carry a generation that tells them from those of the file
 * before.
 */
final class Registration {
  final int fd;
  int generation;

  /** Whose number it is; null if none was seen. */
  @Nullable Descriptor owner;

  /** Why it could not be registered or renewed, as -errno; 0 if it could. */
  int error;

  /** Whether the kernel reports events of it: not of files on disks, which are always ready. */
  boolean pollable;

  /** Whether input ended or failed: there may be no further event of it. */
  boolean ended;

  /** Whether all input has been taken: there will be an event before there is more. */
  boolean drained;

  // First and last of those who wait.
  private @Nullable EpollWait first;
  private @Nullable EpollWait last;

  Registration(int fd) {
    this.fd = fd;
  }

  /** Forgets the file that had the number before. */
  void belongTo(Descriptor newOwner) {
    owner = newOwner;
    generation = generation + 1 & Integer.MAX_VALUE;
    error = 0;
    ended = false;
    drained = false;
  }

  /** Whether its file is open and no longer ours to wait for. */
  boolean isOrphaned() {
    return owner != null && owner.isClosed() && first == null;
  }

  /** Whether to receive would be in vain before the next event. */
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

  /** Ends the waits that are for one of the events, in their order. */
  void happened(int events) {
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
