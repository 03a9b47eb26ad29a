package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/** A coroutine's wait for a socket's readiness, used again and again. Owned by the loop. */
final class ReadinessWait extends Wait {
  private final Waiters waiters;
  private final NioSocket socket;
  private final int direction;
  private @Nullable Fiber fiber;

  ReadinessWait(Waiters waiters, NioSocket socket, int direction) {
    this.waiters = waiters;
    this.socket = socket;
    this.direction = direction;
  }

  void begin(Fiber waiting) {
    reset();
    fiber = waiting;
  }

  /** The socket is ready, or closed. */
  void finish() {
    Fiber waiting = fiber;
    if (waiting != null) {
      finish(waiting);
    }
  }

  @Override
  protected void cancel(Fiber cancelled) {
    if (!isFinished()) {
      waiters.remove(this);
      finishCancelled(cancelled);
    }
  }

  @Override
  public String describe() {
    if ((direction & SelectionKey.OP_READ) == 0) {
      return "room at " + socket;
    }
    boolean listens = socket.channel() instanceof ServerSocketChannel;
    return (listens ? "a connection to " : "bytes from ") + socket;
  }

  @Override
  public boolean isExternal() {
    return true;
  }
}
