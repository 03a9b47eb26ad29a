/** Starts many coroutines that sleep, and measures their memory. Argument: the number. */
@file:JvmName("KotlinSleepers")

package peers

import java.io.File
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

fun main(args: Array<String>): Unit = runBlocking {
    val count = args[0].toInt()
    val before = used()
    val start = System.nanoTime()
    repeat(count) { launch { delay(1.hours + (it % 1_000_000).milliseconds) } }
    yield() // returns after all coroutines have run
    val nanos = System.nanoTime() - start
    println("= sleepers peak_rss_mb ${peakRssMb()}")
    println("= sleepers ns_per_op ${nanos.toDouble() / count}")
    println("= sleepers bytes_per_item ${(used() - before).toDouble() / count}")
    Runtime.getRuntime().halt(0)
}

private fun used(): Long = List(3) {
    System.gc()
    Runtime.getRuntime().run { totalMemory() - freeMemory() }
}.min()

private fun peakRssMb(): Double =
    File("/proc/self/status").readLines().first { it.startsWith("VmHWM:") }
        .filter(Char::isDigit).toLong() * 1024 / 1e6
