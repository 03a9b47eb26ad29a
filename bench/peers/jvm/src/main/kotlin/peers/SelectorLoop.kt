package peers

import java.nio.channels.SelectableChannel
import java.nio.channels.SelectionKey
import java.nio.channels.Selector
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * A dispatcher with one thread, that of [run], which also waits for channels with NIO's selector.
 */
internal class SelectorLoop : CoroutineDispatcher() {
    private val selector = Selector.open()
    private val ready = ArrayDeque<Runnable>()

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        ready.addLast(block)
    }

    fun run(): Nothing {
        while (true) {
            while (true) (ready.removeFirstOrNull() ?: break).run()
            selector.select { key ->
                key.interestOps(0)
                @Suppress("UNCHECKED_CAST")
                (key.attachment() as CancellableContinuation<Unit>).resume(Unit)
            }
        }
    }

    fun register(channel: SelectableChannel): SelectionKey {
        channel.configureBlocking(false)
        return channel.register(selector, 0)
    }

    suspend fun await(key: SelectionKey, operation: Int): Unit = suspendCancellableCoroutine {
        key.attach(it)
        key.interestOps(operation)
    }
}
