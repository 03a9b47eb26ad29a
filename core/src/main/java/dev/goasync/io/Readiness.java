package dev.goasync.io;

import java.io.IOException;

/**
 * Readiness of a resource for an operation: whether a read, a write or an accept would return
 * without waiting, or whether a {@link dev.goasync.sync.Timer} has expired.
 *
 * <p>Callers wait for it without performing the operation. So several callers can wait for the same
 * readiness, and a {@link dev.goasync.sync.Select} can:
 *
 * <pre>{@code
 * Channel<String> commands = Channel.bounded(10);
 * AsyncSocket socket = AsyncSocket.connect("localhost", 8080);
 * Select.first()
 *     .onReceive(commands, command -> System.out.println(command))
 *     .onReady(socket.readable(), () -> System.out.println("bytes from the peer"))
 *     .run();
 * }</pre>
 *
 * <p>A ready resource can be busy again when the operation follows, if another caller was faster;
 * the operation waits then. A socket that has failed, or is at its end, is ready: the operation
 * throws the failure or returns the end.
 *
 * <p><b>Errors.</b> {@link java.nio.channels.ClosedChannelException} if the resource is closed,
 * {@link java.nio.channels.AsynchronousCloseException} if it is closed during the wait, {@link
 * java.io.InterruptedIOException} if a plain thread is interrupted during the wait.
 */
public interface Readiness {
  /**
   * Returns whether the operation would return without waiting. Never waits itself.
   *
   * @throws IOException if the resource is closed or cannot be checked
   */
  boolean isReady() throws IOException;

  /**
   * Waits until the operation would return without waiting.
   *
   * @throws IOException if the resource is closed, or the wait fails
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   */
  void await() throws IOException;
}
