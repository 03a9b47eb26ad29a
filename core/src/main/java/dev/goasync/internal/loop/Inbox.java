package dev.goasync.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The queue of tasks that other threads submit to a loop, first in first out.
 *
 * <p>A stack of nodes: producers push with one compare-and-set; the loop takes the whole stack and
 * reverses it. The head also holds the loop's sleep state: {@link #ASLEEP} in the place of an empty
 * stack. The producer that replaces this marker, and only that one, must wake the loop. So a
 * wake-up costs nothing while the loop is awake, and none is lost.
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
        new Runnable() { // not a lambda: the first one costs a start more than all of this class
          @Override
          public void run() {}
        });
  }

  private volatile @Nullable Node head;

  /** Nodes that were taken from the stack and not yet moved on, oldest first. Loop's thread. */
  private @Nullable Node taken;

  /**
   * Any thread: adds a task. Returns whether the caller must wake the loop.
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

  /** Loop's thread: marks the loop as asleep. False, without effect, if there are tasks. */
  boolean fallAsleep() {
    return taken == null && HEAD.compareAndSet(this, null, ASLEEP);
  }

  /** Loop's thread, awake: rejects tasks from now on. False, without effect, if there are tasks. */
  boolean close() {
    return taken == null && (HEAD.compareAndSet(this, null, CLOSED) || head == CLOSED);
  }

  /** Whether the loop sleeps. Any thread; a snapshot. */
  boolean isAsleep() {
    return head == ASLEEP;
  }

  /** Loop's thread: marks the loop as awake. */
  void awake() {
    HEAD.compareAndSet(this, ASLEEP, null);
  }

  /** Loop's thread: whether there are no tasks. */
  boolean isEmpty() {
    Node seen = head;
    return taken == null && (seen == null || seen == ASLEEP || seen == CLOSED);
  }

  /**
   * Loop's thread, awake: moves all tasks to the end of {@code queue}. If the queue cannot grow the
   * remaining tasks stay here, in order.
   */
  void drainTo(TaskQueue queue) {
    moveTaken(queue);
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
    taken = oldest;
    moveTaken(queue);
  }

  private void moveTaken(TaskQueue queue) {
    for (Node node = taken; node != null; node = node.next) {
      queue.add(node.task);
      taken = node.next;
    }
  }
}
