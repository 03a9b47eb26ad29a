package dev.goasync.io;

import java.io.IOException;

/**
 * Whether an operation would wait: a read, a write, an accept; or whether a time has come. It is
 * asked and waited for without doing the operation, so several may wait for it, and a {@link
 * dev.goasync.sync.Select} can.
 *
 * <pre>{@code
 * Select.first()
 *     .onReceive(commands, command -> obey(command))
 *     .onReady(socket.readable(), () -> answer(socket))
 *     .run();
 * }</pre>
 *
 * <p>What is ready may no longer be when the operation comes, if another was faster; the operation
 * then waits as ever. A socket that has failed or ended is ready: the operation will tell.
 *
 * <p><b>Errors.</b> {@link java.nio.channels.ClosedChannelException} if the resource is closed,
 * {@link java.nio.channels.AsynchronousCloseException} if meanwhile, {@link
 * java.io.InterruptedIOException} if a plain thread is interrupted while it waits.
 */
public interface Readiness {
  /** Whether the operation would not wait now. Never waits. */
  boolean isReady() throws IOException;

  /**
   * Waits until the operation would not.
   *
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   */
  void await() throws IOException;
}
