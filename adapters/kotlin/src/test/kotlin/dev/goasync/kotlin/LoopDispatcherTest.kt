package dev.goasync.kotlin

import dev.goasync.Action
import dev.goasync.EventLoop
import dev.goasync.GoAsync
import dev.goasync.Task
import dev.goasync.testing.TestLoop
import java.time.Duration
import java.util.concurrent.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

@Timeout(30)
internal class LoopDispatcherTest {
  private val order = mutableListOf<String>()

  private fun onTestLoop(body: (TestLoop) -> Unit) {
    TestLoop.open().use { loop -> loop.run(Action<Exception> { body(loop) }) }
  }

  @Test
  fun continuationsRunOnTheLoopWithoutAVirtualThread() {
    EventLoop.start("kotlin").use { loop ->
      runBlocking {
        withContext(loop.asCoroutineDispatcher()) {
          assertThat(loop.isCurrent).isTrue()
          assertThat(Thread.currentThread().isVirtual).isFalse()
          yield()
          assertThat(loop.isCurrent).isTrue()
        }
      }
    }
  }

  @Test
  fun coroutinesOfBothKindsTakeTurns() = onTestLoop {
    runSuspending {
      launch {
        order.add("Kotlin 1")
        yield()
        order.add("Kotlin 2")
      }
      val task = GoAsync.goAsync(Action<Exception> { order.add("GoAsync") })
      task.awaitSuspending()
    }
    assertThat(order).containsExactly("Kotlin 1", "GoAsync", "Kotlin 2")
  }

  @Test
  fun delaysUseTheClockOfTheLoop() = onTestLoop { loop ->
    val result = runSuspending {
      launch {
        delay(3_600_000)
        order.add("an hour")
      }
      delay(60_000)
      order.add("a minute")
      42
    }
    assertThat(result).isEqualTo(42)
    assertThat(order).containsExactly("a minute", "an hour")
    assertThat(loop.elapsed()).isEqualTo(Duration.ofHours(1))
  }

  @Test
  fun timeoutsUseTheClockOfTheLoop() = onTestLoop { loop ->
    assertThatThrownBy { runSuspending { withTimeout(60_000) { awaitCancellation() } } }
      .isInstanceOf(TimeoutCancellationException::class.java)
    runSuspending { withTimeout(60_000) { order.add("in time") } }
    assertThat(loop.elapsed()).isEqualTo(Duration.ofMinutes(1))
  }

  @Test
  fun failuresPassInBothDirections() = onTestLoop {
    assertThatThrownBy { runSuspending { throw IllegalStateException("of Kotlin") } }
      .isInstanceOf(IllegalStateException::class.java)
      .hasMessage("of Kotlin")
    val task: Task<*> =
      GoAsync.goAsync(Action<Exception> { throw IllegalArgumentException("of GoAsync") })
    assertThatThrownBy { runSuspending { task.awaitSuspending() } }
      .isInstanceOf(IllegalArgumentException::class.java)
      .hasMessage("of GoAsync")
  }

  /** The caller leaves after the suspending code, whose clean-up takes a second. */
  @Test
  fun aCancelOfTheTaskCancelsTheSuspendingCode() = onTestLoop { loop ->
    val task =
      GoAsync.goAsync(
        Action<Exception> {
          runSuspending {
            try {
              awaitCancellation()
            } finally {
              withContext(kotlinx.coroutines.NonCancellable) { delay(1_000) }
              order.add("cleaned up")
            }
          }
        }
      )
    GoAsync.`yield`()
    GoAsync.`yield`()
    task.cancel()
    assertThatThrownBy { task.await() }.isInstanceOf(CancellationException::class.java)
    assertThat(order).containsExactly("cleaned up")
    assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(1))
  }

  @Test
  fun aCancelOfTheSuspendingCodeCancelsTheTask() = onTestLoop { loop ->
    val task = GoAsync.goAsync(Action<Exception> { GoAsync.sleep(Duration.ofDays(1)) })
    runSuspending {
      val waiting = launch { task.awaitSuspending() }
      delay(1_000)
      waiting.cancel()
    }
    assertThatThrownBy { task.await() }.isInstanceOf(CancellationException::class.java)
    assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(1))
  }

  @Test
  fun coroutinesOfAClosedLoopAreCancelled() {
    val loop = EventLoop.start("closed")
    loop.close()
    runBlocking {
      val job = CoroutineScope(loop.asCoroutineDispatcher()).launch { order.add("ran") }
      job.join()
      assertThat(job.isCancelled).isTrue()
      assertThat(order).isEmpty()
    }
  }

  @Test
  fun dispatchersOfOneLoopAreEqual() {
    EventLoop.start("equal").use { loop ->
      assertThat(loop.asCoroutineDispatcher())
        .isEqualTo(loop.asCoroutineDispatcher())
        .hasToString("dispatcher of $loop")
    }
  }
}
