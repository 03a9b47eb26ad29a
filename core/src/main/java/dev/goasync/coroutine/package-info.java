/**
 * Coroutines without an event loop: {@link dev.goasync.coroutine.Coroutine} exchanges values with
 * its caller, {@link dev.goasync.coroutine.Generator} is an iterator written as a loop. Both run on
 * any thread, nest, and suspend at any depth of calls.
 *
 * <p>There are three implementations. The library uses the fastest that the JVM's options allow,
 * the same for the whole process; {@code -Dgoasync.coroutine=bare}, {@code confined} or {@code
 * handover} selects one.
 *
 * <table>
 * <caption>Differences that a body can observe</caption>
 * <tr><th></th><th>bare</th><th>confined</th><th>handover</th></tr>
 * <tr><td>needs</td>
 *   <td>{@code jdk.internal.vm} exported and {@code java.lang} opened to the library, by flags or
 *   {@code -javaagent}</td>
 *   <td>{@code java.lang} opened to the library</td><td>nothing</td></tr>
 * <tr><td>a switch there and back</td>
 *   <td>fastest</td><td>nearly as fast</td><td>two wake-ups of threads</td></tr>
 * <tr><td>{@code Thread.currentThread()}, thread-locals, locks, scoped values</td>
 *   <td>those of the resuming thread; a {@code ScopedValue} binding made by the body stays in
 *   it</td>
 *   <td>the body's own virtual thread</td><td>as confined</td></tr>
 * <tr><td>a wait in a body that a {@code goAsync} coroutine resumed</td>
 *   <td>pauses that coroutine</td><td>pauses that coroutine</td>
 *   <td>a wait of GoAsync pauses that coroutine, a wait of the JDK blocks its loop</td></tr>
 * <tr><td>a switch inside a {@code goAsync} coroutine</td>
 *   <td>runs nothing else</td><td>lets ready coroutines of the loop run</td>
 *   <td>blocks the loop until it is done</td></tr>
 * <tr><td>a wait for a loop that the resuming thread itself has to run</td>
 *   <td>runs it</td><td>never ends</td><td>never ends</td></tr>
 * <tr><td>interrupt of the resuming thread</td>
 *   <td>seen by the body</td><td>passed to the body; lost if it arrives while a platform thread runs
 *   the body</td><td>passed to the body</td></tr>
 * <tr><td>stack limit</td>
 *   <td>the rest of the resuming thread's stack</td>
 *   <td>as bare; inside virtual threads their carrier's</td>
 *   <td>that of the JDK's carrier threads ({@code -Xss})</td></tr>
 * <tr><td>suspend below native code or a class initializer</td>
 *   <td>{@code IllegalStateException}</td>
 *   <td>the same, but works in the JDK's own virtual threads</td><td>works</td></tr>
 * <tr><td>unreachable while suspended, never closed</td>
 *   <td>garbage collected, finally blocks not run</td>
 *   <td>kept by the JDK's list of threads, unless {@code -Djdk.trackAllThreads=false}</td>
 *   <td>as confined</td></tr>
 * </table>
 *
 * <p><b>Warning:</b> a lock that a body holds while it is suspended stays locked until the body is
 * resumed. Do not suspend inside {@code synchronized} or between {@code lock()} and {@code
 * unlock()}.
 */
@NullMarked
package dev.goasync.coroutine;

import org.jspecify.annotations.NullMarked;
