package dev.goasync.sync;

import org.jspecify.annotations.Nullable;

/**
 * A first-in, first-out queue of waiters: a doubly linked list through the waiters themselves, so
 * that removing one from the middle costs as little as from the front. Owned by the home loop.
 */
final class WaitQueue {
  private @Nullable Waiter first;
  private @Nullable Waiter last;
  private int size;

  /** Adds a waiter to a queue, which is created first if it is null; returns the queue. */
  static WaitQueue with(@Nullable WaitQueue existing, Waiter waiter) {
    WaitQueue queue = existing != null ? existing : new WaitQueue();
    queue.add(waiter);
    return queue;
  }

  boolean isEmpty() {
    return first == null;
  }

  int size() {
    return size;
  }

  @Nullable Waiter peek() {
    return first;
  }

  void add(Waiter waiter) {
    Waiter before = last;
    waiter.queue = this;
    waiter.previous = before;
    last = waiter;
    if (before == null) {
      first = waiter;
    } else {
      before.next = waiter;
    }
    size++;
  }

  /** Removes and returns the first waiter; null if the queue is empty. */
  @Nullable Waiter poll() {
    Waiter waiter = first;
    if (waiter != null) {
      remove(waiter);
    }
    return waiter;
  }

  /** Removes a waiter that is in this queue. */
  void remove(Waiter waiter) {
    Waiter before = waiter.previous;
    Waiter after = waiter.next;
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
    waiter.previous = null;
    waiter.next = null;
    waiter.queue = null;
    size--;
  }
}
