package peers

/** Parses the head of a request in the same way as all peers. */
internal object HttpHead {
    const val MAX_BYTES = 8 * 1024
    val HELLO =
        "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n\r\nHello, World!"
            .toByteArray(Charsets.US_ASCII)
    private val CLOSE = "connection: close".toByteArray(Charsets.US_ASCII)
    private const val CR = '\r'.code.toByte()
    private const val LF = '\n'.code.toByte()
    private const val SPACE = ' '.code.toByte()

    /**
     * Returns the position after the empty line of the head that begins at [start]; -1 if it is
     * incomplete.
     */
    fun end(bytes: ByteArray, start: Int, filled: Int): Int {
        for (i in start + 3 until filled) {
            if (bytes[i] == LF && bytes[i - 1] == CR && bytes[i - 2] == LF) return i + 1
        }
        return -1
    }

    fun isRequest(bytes: ByteArray, start: Int): Boolean {
        var spaces = 0
        var i = start
        while (bytes[i] != CR) {
            if (bytes[i] == SPACE) spaces++
            i++
        }
        return spaces == 2 && i - start > 12
    }

    fun asksToClose(bytes: ByteArray, start: Int, end: Int): Boolean {
        for (i in start until end - CLOSE.size - 2) {
            if (bytes[i] == LF && isClose(bytes, i + 1)) return true
        }
        return false
    }

    private fun isClose(bytes: ByteArray, at: Int): Boolean =
        CLOSE.indices.all { Character.toLowerCase(bytes[at + it].toInt()) == CLOSE[it].toInt() }
}
