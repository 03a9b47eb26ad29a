/**
 * The example http-hello with Kotlin's coroutines: blocking sockets on Dispatchers.IO, as its
 * documentation says. Keep-alive and pipelining. Argument: the port, 0 for any.
 */
@file:JvmName("KotlinServer")

package peers

import java.io.IOException
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** The number of threads: a connection occupies one, and the default of IO is 64. */
private const val MAX_CONNECTIONS = 1100

fun main(args: Array<String>): Unit = runBlocking {
    val io = Dispatchers.IO.limitedParallelism(MAX_CONNECTIONS)
    val server = ServerSocket()
    server.reuseAddress = true
    server.bind(InetSocketAddress(args[0].toInt()), 1024)
    println("listening on ${server.localPort}")
    launch(io) {
        while (true) {
            val client = server.accept()
            launch(io) { serve(client) }
        }
    }
}

private fun serve(client: Socket) {
    try {
        client.use {
            it.tcpNoDelay = true
            run(it)
        }
    } catch (gone: IOException) {
        // the client closed the connection
    }
}

private fun run(client: Socket) {
    val from = client.getInputStream()
    val to = client.getOutputStream()
    val bytes = ByteArray(HttpHead.MAX_BYTES)
    var filled = 0
    while (filled < bytes.size) {
        val read = from.read(bytes, filled, bytes.size - filled)
        if (read < 0) return
        filled += read
        var start = 0
        while (true) {
            val end = HttpHead.end(bytes, start, filled)
            if (end < 0) break
            if (!HttpHead.isRequest(bytes, start)) return
            to.write(HttpHead.HELLO)
            if (HttpHead.asksToClose(bytes, start, end)) return
            start = end
        }
        bytes.copyInto(bytes, 0, start, filled)
        filled -= start
    }
}
