/**
 * Stackful coroutines by hand: {@link dev.goasync.coroutine.Coroutine}, which exchanges values with
 * the code that resumes it, and {@link dev.goasync.coroutine.Generator}, an iterator written as a
 * loop. Both need no event loop, work on any thread, nest, and suspend from any depth of calls.
 *
 * <p>They are built on what the JVM lets the library use, chosen once for the process; {@code
 * -Dgoasync.coroutine=bare}, {@code confined} or {@code handover} forces one.
 *
 * <table>
 * <caption>What a body can tell of how it is run</caption>
 * <tr><th></th><th>bare</th><th>confined</th><th>handover</th></tr>
 * <tr><td>needs</td>
 *   <td>{@code jdk.internal.vm} exported and {@code java.lang} open to us, by flags or {@code
 *   -javaagent}</td>
 *   <td>{@code java.lang} open to us</td><td>nothing</td></tr>
 * <tr><td>a switch there and back</td>
 *   <td>fastest</td><td>nearly as fast</td><td>two wake-ups of threads</td></tr>
 * <tr><td>{@code Thread.currentThread()}, thread-locals, locks, scoped values</td>
 *   <td>those of the thread that resumes; a {@code ScopedValue} binding made by the body stays in
 *   it</td>
 *   <td>a virtual thread of the body's own</td><td>as confined</td></tr>
 * <tr><td>a wait in a body that a {@code goAsync} coroutine resumed</td>
 *   <td>pauses that coroutine</td><td>pauses that coroutine</td>
 *   <td>one of GoAsync's own waits pauses that coroutine, one of the JDK's blocks its loop</td></tr>
 * <tr><td>a switch inside a {@code goAsync} coroutine</td>
 *   <td>runs nothing else</td><td>lets ready coroutines of the loop run</td>
 *   <td>blocks the loop until it is done</td></tr>
 * <tr><td>a wait for a loop that the resuming thread itself has to run</td>
 *   <td>runs it</td><td>never ends</td><td>never ends</td></tr>
 * <tr><td>interrupt of the resuming thread</td>
 *   <td>seen by the body</td><td>passed on; lost if it comes while a platform thread is in the midst
 *   of running the body</td><td>passed on</td></tr>
 * <tr><td>stack limit</td>
 *   <td>what is left of the resuming thread's stack</td>
 *   <td>as bare; inside virtual threads their carrier's</td>
 *   <td>the JDK's carriers' ({@code -Xss})</td></tr>
 * <tr><td>suspend below native code or a class initializer</td>
 *   <td>{@code IllegalStateException}</td>
 *   <td>the same, but works in the JDK's own virtual threads</td><td>works</td></tr>
 * <tr><td>dropped while suspended, never closed</td>
 *   <td>garbage collected, finally blocks not run</td>
 *   <td>kept by the JDK's list of threads, unless {@code -Djdk.trackAllThreads=false}</td>
 *   <td>as confined</td></tr>
 * </table>
 *
 * <p>No other code can release a lock that a suspended body holds: do not suspend inside {@code
 * synchronized} or between {@code lock()} and {@code unlock()}.
 */
@NullMarked
package dev.goasync.coroutine;

import org.jspecify.annotations.NullMarked;
