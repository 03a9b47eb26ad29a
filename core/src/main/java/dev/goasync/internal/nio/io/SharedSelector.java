package dev.goasync.internal.nio.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A selector that its owner selects in, and from which any thread can remove a channel.
 *
 * <p>A selector drops a cancelled key only in a selection, and with the last key the channel
 * releases its descriptor. A thread that closes a channel does not wait for the owner's next
 * selection, which may be late: if the owner is selecting, the thread wakes it, otherwise the
 * thread makes a selection itself. Such a selection may find channels ready; it does not report
 * them, and the owner's next selection finds them again. It may also consume a wake-up that was
 * meant for the owner, so it is followed by another wake-up.
 */
final class SharedSelector {
  /** The registration of a socket in a selector. */
  abstract static class Registration {
    final NioSocket socket;
    final SharedSelector selector;
    final SelectionKey key;

    /** Registers without any interest. Under the socket's lock. */
    Registration(NioSocket socket, SharedSelector selector) throws ClosedChannelException {
      this.socket = socket;
      this.selector = selector;
      this.key = socket.channel().register(selector.selector, 0, this);
    }

    /** The socket was closed: ends the waits of this registration. Any thread. */
    abstract void socketClosed();
  }

  private final Selector selector;
  private final ReentrantLock selecting = new ReentrantLock();

  SharedSelector() throws IOException {
    selector = Selector.open();
  }

  /**
   * Waits until a key is ready and passes each ready key to {@code action}. Owner only.
   *
   * @param timeoutMillis 0 for a check without waiting, negative for no timeout
   * @return how many keys were ready
   */
  int select(Consumer<SelectionKey> action, long timeoutMillis) throws IOException {
    selecting.lock();
    try {
      if (timeoutMillis == 0) {
        return selector.selectNow(action);
      }
      return selector.select(action, Math.max(timeoutMillis, 0));
    } finally {
      selecting.unlock();
    }
  }

  /** Ends the owner's selection, the current one or the next. Any thread. */
  void wakeup() {
    selector.wakeup();
  }

  /** Cancels a key, and returns once the selector has dropped it. Any thread. */
  void release(SelectionKey key) {
    key.cancel();
    while (key.channel().keyFor(selector) == key) {
      if (selecting.tryLock()) {
        try {
          selector.selectNow(_ -> {});
        } catch (ClosedSelectorException closed) {
          return; // a closed selector has dropped all keys
        } catch (IOException failed) {
          throw new UncheckedIOException(failed);
        } finally {
          selecting.unlock();
          selector.wakeup();
        }
      } else {
        selector.wakeup();
        Thread.onSpinWait();
      }
    }
  }

  void close() throws IOException {
    selector.close();
  }
}
