/**
 * Synchronization and communication between coroutines and threads: channels, select, locks,
 * semaphores, events, timers.
 *
 * <p>Each object of this package has a <em>home loop</em>: the loop that is {@linkplain
 * dev.goasync.EventLoop#currentOrDefault current} where the object is created, or one that is
 * given. For coroutines of the home loop an operation costs no more than an access to plain fields,
 * because only that loop's thread uses these fields. Coroutines of other loops and plain threads
 * send their operations to the home loop and wait for its answer; the home loop must be running.
 *
 * <p>The following holds for all types:
 *
 * <ul>
 *   <li><b>Fairness.</b> Waiting callers are served in the order in which they came.
 *   <li><b>Memory.</b> Actions of a caller before an operation are visible to the callers that
 *       proceed because of it: the receiver of the value, the next holder of the lock or permit,
 *       the callers that awaited the event.
 *   <li><b>Cancellation.</b> A cancel, an interrupt or the end of a timeout removes a waiting
 *       caller without a trace. If the caller was served first, it keeps what it got. No value, no
 *       permit and no lock is lost. A cancelled coroutine starts no operation that could wait.
 *   <li><b>Timeouts.</b> A method {@code try…(Duration)} returns a value that says whether the
 *       timeout expired. Timeouts use the home loop's clock; the longest is a hundred years, and a
 *       longer one counts as that.
 *   <li><b>Select.</b> A {@link dev.goasync.sync.Select} runs on the home loop of its channels, or
 *       on the caller's loop if its channels have several home loops.
 *   <li><b>sync.</b> Inside {@link dev.goasync.GoAsync#sync} of the home loop an operation that
 *       would have to wait throws {@link java.lang.IllegalStateException}.
 *   <li><b>Closed home loop.</b> Operations from outside throw {@link
 *       java.lang.IllegalStateException}.
 *   <li><b>Deadlock.</b> Coroutines that wait for each other in a cycle that nothing can end get a
 *       {@link dev.goasync.DeadlockException}.
 *   <li><b>Statistics.</b> {@code statistics()} returns the state and the counters of one moment;
 *       see {@link dev.goasync.sync.WaitStatistics}.
 * </ul>
 */
@NullMarked
package dev.goasync.sync;

import org.jspecify.annotations.NullMarked;
