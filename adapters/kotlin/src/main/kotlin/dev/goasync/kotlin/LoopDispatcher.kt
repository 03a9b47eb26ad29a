package dev.goasync.kotlin

import dev.goasync.EventLoop
import java.time.Duration
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.cancel

/**
 * Returns a dispatcher that runs Kotlin's coroutines on this loop, among the loop's own coroutines.
 * `delay` and `withTimeout` use the clock of the loop, which is virtual on a `TestLoop`.
 *
 * A continuation runs on the loop's thread itself, without a virtual thread. So it must not block,
 * and calls of GoAsync that wait belong into a coroutine of GoAsync: `loop.goAsync { ... }`, which
 * [awaitSuspending] waits for.
 *
 * A close of the loop does not wait for Kotlin's coroutines, and drops their delays. A coroutine that
 * is to continue after the close is cancelled and finishes on `Dispatchers.IO`.
 */
public fun EventLoop.asCoroutineDispatcher(): CoroutineDispatcher = LoopDispatcher(this)

@OptIn(ExperimentalCoroutinesApi::class, InternalCoroutinesApi::class)
private class LoopDispatcher(private val loop: EventLoop) : CoroutineDispatcher(), Delay {
  override fun dispatch(context: CoroutineContext, block: Runnable) {
    try {
      loop.execute(block)
    } catch (closed: RejectedExecutionException) {
      context.cancel(cancelled(closed))
      Dispatchers.IO.dispatch(context, block)
    }
  }

  override fun scheduleResumeAfterDelay(
    timeMillis: Long,
    continuation: CancellableContinuation<Unit>,
  ) {
    try {
      val timer =
        loop.schedule(Duration.ofMillis(timeMillis)) {
          with(continuation) { resumeUndispatched(Unit) }
        }
      continuation.invokeOnCancellation { timer.cancel() }
    } catch (closed: RejectedExecutionException) {
      continuation.cancel(cancelled(closed))
    }
  }

  override fun invokeOnTimeout(
    timeMillis: Long,
    block: Runnable,
    context: CoroutineContext,
  ): DisposableHandle {
    val timer =
      try {
        loop.schedule(Duration.ofMillis(timeMillis), block)
      } catch (closed: RejectedExecutionException) {
        context.cancel(cancelled(closed))
        return DisposableHandle {}
      }
    return DisposableHandle { timer.cancel() }
  }

  private fun cancelled(closed: RejectedExecutionException) =
    CancellationException("the loop is closed: $loop", closed)

  override fun equals(other: Any?): Boolean = other is LoopDispatcher && other.loop === loop

  override fun hashCode(): Int = System.identityHashCode(loop)

  override fun toString(): String = "dispatcher of $loop"
}
