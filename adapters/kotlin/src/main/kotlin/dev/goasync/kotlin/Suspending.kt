package dev.goasync.kotlin

import dev.goasync.Action
import dev.goasync.EventLoop
import dev.goasync.GoAsync
import dev.goasync.Task
import dev.goasync.sync.Event
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * Suspends until the task has ended; returns its result or throws its failure. A cancel of the
 * caller cancels the task and does not wait for its end.
 *
 * `Task.await()` of Java would block the thread of the caller's dispatcher.
 */
public suspend fun <T> Task<T>.awaitSuspending(): T =
  suspendCancellableCoroutine { continuation ->
    onCompletion { task ->
      val failure = task.failure()
      if (failure == null) {
        continuation.resume(task.await())
      } else {
        continuation.resumeWithException(failure)
      }
    }
    continuation.invokeOnCancellation { cancel("the Kotlin coroutine that waits was cancelled") }
  }

/**
 * Runs suspending code on the current loop and pauses the current coroutine of GoAsync until it has
 * ended, with all coroutines that it has started; returns its result or throws its failure. A plain
 * thread blocks, and the code runs on the default loop.
 *
 * A cancel or a time limit of the caller cancels the suspending code, and the caller leaves when
 * that has ended.
 */
@OptIn(ExperimentalCoroutinesApi::class)
public fun <T> runSuspending(block: suspend CoroutineScope.() -> T): T {
  val loop = EventLoop.currentOrDefault()
  val ended = Event.manualReset(loop)
  val result = CoroutineScope(loop.asCoroutineDispatcher()).async(block = block)
  result.invokeOnCompletion { ended.set() }
  try {
    ended.await()
  } catch (cancelled: java.util.concurrent.CancellationException) {
    result.cancel(CancellationException("the caller of runSuspending was cancelled", cancelled))
    GoAsync.shielded(Action<RuntimeException> { ended.await() })
    throw cancelled
  }
  return result.getCompleted()
}
