/**
 * Single steps of Kotlin's coroutines. Arguments: "many" (Dispatchers.Default) or "one"
 * (runBlocking's own loop), the case, and the number of stretches of 0.1 s to measure; the fastest
 * counts.
 */
@file:JvmName("KotlinSteps")

package peers

import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.yield

private const val OPERATIONS = 10_000
private const val AT_ONCE = 100

private var count = 0
private val mutex = Mutex()

fun main(args: Array<String>) {
    val context = if (args[0] == "many") Dispatchers.Default else EmptyCoroutineContext
    val step = steps.getValue(args[1])
    Stretches.measure(args[1], args[2].toInt(), OPERATIONS) { runBlocking(context) { step() } }
}

private val steps: Map<String, suspend CoroutineScope.() -> Unit> =
    mapOf(
        "spawn-await" to { repeat(OPERATIONS) { count += async { count++ }.await() } },
        "spawn-100-await" to {
            repeat(OPERATIONS / 100) { List(100) { async { count++ } }.forEach { it.await() } }
        },
        "yield" to { repeat(2) { launch { repeat(OPERATIONS / 2) { yield() } } } },
        "park-unpark" to { handOver() },
        "generator-step" to {
            for (number in sequence { repeat(OPERATIONS) { yield(it and 0x7F) } }) count += number
        },
        "rendezvous" to { pass(Channel()) },
        "channel-64" to { pass(Channel(64)) },
        "select" to { selectOfTwo() },
        "mutex" to {
            repeat(OPERATIONS) {
                mutex.lock()
                count++
                mutex.unlock()
            }
        },
        "chain-3" to { serve { step(step(step(it))) } },
        "depth-10" to { serve { below(10, it) } },
    )

/** A hand-over in each direction on two rendezvous channels; counts as two operations. */
private suspend fun CoroutineScope.handOver() {
    val ping = Channel<Unit>()
    val pong = Channel<Unit>()
    launch {
        repeat(OPERATIONS / 2) {
            ping.receive()
            pong.send(Unit)
        }
    }
    repeat(OPERATIONS / 2) {
        ping.send(Unit)
        pong.receive()
    }
}

private suspend fun CoroutineScope.pass(items: Channel<Int>) {
    launch { repeat(OPERATIONS) { items.send(it and 0x7F) } }
    repeat(OPERATIONS) { count += items.receive() }
}

private suspend fun CoroutineScope.selectOfTwo() {
    val left = Channel<Int>(64)
    val right = Channel<Int>(64)
    launch {
        repeat(OPERATIONS / 2) {
            left.send(it and 0x7F)
            right.send(it and 0x7F)
        }
    }
    repeat(OPERATIONS) {
        select {
            left.onReceive { count += it }
            right.onReceive { count -= it }
        }
    }
}

private suspend fun serve(request: suspend (Int) -> Int) = coroutineScope {
    repeat(AT_ONCE) { launch { repeat(OPERATIONS / AT_ONCE) { count += request(it) } } }
}

private suspend fun step(input: Int): Int {
    yield()
    return input + 1
}

private suspend fun below(levels: Int, input: Int): Int =
    if (levels == 0) step(input) else below(levels - 1, input) + 1
