/**
 * The example http-hello with Kotlin's coroutines on one thread with NIO's selector: keep-alive and
 * pipelining. Argument: the port, 0 for any.
 */
@file:JvmName("KotlinLoopServer")

package peers

import java.io.IOException
import java.net.InetSocketAddress
import java.net.StandardSocketOptions
import java.nio.ByteBuffer
import java.nio.channels.SelectionKey.OP_ACCEPT
import java.nio.channels.SelectionKey.OP_READ
import java.nio.channels.SelectionKey.OP_WRITE
import java.nio.channels.ServerSocketChannel
import java.nio.channels.SocketChannel
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch

private val loop = SelectorLoop()

fun main(args: Array<String>) {
    val server = ServerSocketChannel.open()
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true)
    server.bind(InetSocketAddress(args[0].toInt()), 1024)
    println("listening on ${(server.localAddress as InetSocketAddress).port}")
    val scope = CoroutineScope(loop + SupervisorJob())
    scope.launch {
        val key = loop.register(server)
        while (true) {
            val client = server.accept()
            if (client == null) loop.await(key, OP_ACCEPT) else scope.launch { serve(client) }
        }
    }
    loop.run()
}

private suspend fun serve(client: SocketChannel) {
    try {
        client.use {
            it.setOption(StandardSocketOptions.TCP_NODELAY, true)
            Connection(it).run()
        }
    } catch (gone: IOException) {
        // the client closed the connection
    }
}

private class Connection(private val client: SocketChannel) {
    private val key = loop.register(client)
    private val buffer = ByteBuffer.allocateDirect(HttpHead.MAX_BYTES)
    private val out = ByteBuffer.allocateDirect(HttpHead.MAX_BYTES)
    private val bytes = ByteArray(HttpHead.MAX_BYTES)
    private var filled = 0

    suspend fun run() {
        while (filled < bytes.size && receive()) {
            var start = 0
            while (true) {
                val end = HttpHead.end(bytes, start, filled)
                if (end < 0) break
                if (!HttpHead.isRequest(bytes, start)) return
                if (out.remaining() < HttpHead.HELLO.size) flush()
                out.put(HttpHead.HELLO)
                if (HttpHead.asksToClose(bytes, start, end)) return flush()
                start = end
            }
            flush()
            bytes.copyInto(bytes, 0, start, filled)
            filled -= start
        }
    }

    private suspend fun receive(): Boolean {
        buffer.clear().limit(bytes.size - filled)
        var read = client.read(buffer)
        while (read == 0) {
            loop.await(key, OP_READ)
            read = client.read(buffer)
        }
        if (read < 0) return false
        buffer.flip().get(bytes, filled, read)
        filled += read
        return true
    }

    private suspend fun flush() {
        out.flip()
        while (out.hasRemaining()) {
            if (client.write(out) == 0) loop.await(key, OP_WRITE)
        }
        out.clear()
    }
}
