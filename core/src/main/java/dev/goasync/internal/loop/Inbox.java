package dev.goasync.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that other threads leave for a loop, first in first out.
 *
 * <p>A stack of nodes that producers push with one compare-and-set and the loop takes whole and
 * turns round. The head is also where the loop says that it goes to sleep: {@link #ASLEEP} in the
 * place of "empty". Who pushes onto that marker, and only that one, must wake the loop, so a
 * wake-up costs nothing while the loop is awake and none is lost.
 */
final class Inbox {
  private static final class Node {
    final Runnable task;
    @Nullable Node next;

    Node(Runnable task) {
      this.task = task;
    }
  }

  private static final Node ASLEEP = marker();
  private static final Node CLOSED = marker();
  private static final VarHandle HEAD;

  static {
    try {
      HEAD = MethodHandles.lookup().findVarHandle(Inbox.class, "head", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static Node marker() {
    return new Node(
        new Runnable() { // no lambda: the first one costs a start more than all of this class
          @Override
          public void run() {}
        });
  }

  private volatile @Nullable Node head;

  /**
   * Any thread: leaves a task. Returns whether the caller must wake the loop.
   *
   * @throws RejectedExecutionException if the inbox is closed
   */
  boolean push(Runnable task) {
    Node node = new Node(task);
    while (true) {
      Node seen = head;
      if (seen == CLOSED) {
        throw new RejectedExecutionException("the event loop is closed");
      }
      node.next = seen == ASLEEP ? null : seen;
      if (HEAD.compareAndSet(this, seen, node)) {
        return seen == ASLEEP;
      }
    }
  }

  /** Loop's thread: says that it goes to sleep. False, and it must not, if there are tasks. */
  boolean fallAsleep() {
    return HEAD.compareAndSet(this, null, ASLEEP);
  }

  /** Loop's thread, awake: takes no more tasks. False, and nothing changes, if there are tasks. */
  boolean close() {
    return HEAD.compareAndSet(this, null, CLOSED) || head == CLOSED;
  }

  /** Loop's thread: says that it is awake again. */
  void awake() {
    HEAD.compareAndSet(this, ASLEEP, null);
  }

  /** Loop's thread: whether there are tasks. */
  boolean isEmpty() {
    Node seen = head;
    return seen == null || seen == ASLEEP || seen == CLOSED;
  }

  /** Loop's thread, awake: moves all tasks to the end of {@code queue}. */
  void drainTo(ArrayDeque<Runnable> queue) {
    if (head == null || head == CLOSED) {
      return;
    }
    Node newest = (Node) HEAD.getAndSet(this, null);
    Node oldest = null;
    while (newest != null) {
      Node older = newest.next;
      newest.next = oldest;
      oldest = newest;
      newest = older;
    }
    for (Node node = oldest; node != null; node = node.next) {
      queue.add(node.task);
    }
  }
}
