/**
 * Ways for coroutines, and threads, to meet: channels and select, locks, semaphores, events.
 *
 * <p>All of them belong to a <em>home loop</em>, that of the place where they are made: {@link
 * dev.goasync.EventLoop#currentOrDefault}, or one that is given. Between the coroutines of that
 * loop an operation costs no more than it does to its plain fields, for these have one thread;
 * operations from other loops' coroutines and from other threads are sent to the home loop, which
 * must run, and wait for its answer.
 *
 * <p>What holds for all:
 *
 * <ul>
 *   <li><b>Fair</b>: who came first is served first.
 *   <li><b>Memory</b>: what a caller did before an operation is visible to whoever goes on because
 *       of it: the receiver of a value, the next holder of a lock or permit, who awaited an event.
 *   <li><b>Cancelling</b>, an interrupt and the end of a time limit take a waiting caller out
 *       without a trace, or find that it was served, and then let it have what it got: no value, no
 *       permit and no lock is lost. A cancelled coroutine begins no operation that could wait.
 *   <li><b>Time limits</b> go by the home loop's clock.
 *   <li>A {@link dev.goasync.sync.Select} lives where its channels do, or on its caller's loop if
 *       they live on several.
 *   <li>Inside {@link dev.goasync.GoAsync#sync} of the home loop nothing can be waited for: {@link
 *       java.lang.IllegalStateException}.
 *   <li>When the home loop is closed, operations from outside throw {@link
 *       java.lang.IllegalStateException}.
 *   <li>Coroutines that wait for each other for ever are reported like tasks that do: {@link
 *       dev.goasync.DeadlockException}.
 * </ul>
 */
@NullMarked
package dev.goasync.sync;

import org.jspecify.annotations.NullMarked;
