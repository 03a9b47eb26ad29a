package dev.goasync.internal.nio.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A selector that its owner selects in, and that any thread can make let go of a channel.
 *
 * <p>A selector gives up a cancelled key, and with the last one the channel its descriptor, only in
 * a selection. Whoever closes a channel does not wait for the owner's next one, which may be far
 * off, but makes it: by a wake-up if the owner is selecting, else by a selection of its own. That
 * one may find channels ready, but what it does not tell, the owner's next selection will; it may
 * take a wake-up that was meant for the owner, and so gives it another.
 */
final class SharedSelector {
  private final Selector selector;
  private final ReentrantLock selecting = new ReentrantLock();

  SharedSelector() throws IOException {
    selector = Selector.open();
  }

  Selector selector() {
    return selector;
  }

  /**
   * The owner: hands each ready key to {@code action}, and waits for one if there is none.
   *
   * @param timeoutMillis 0 for a look without waiting, negative for no limit
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

  void wakeup() {
    selector.wakeup();
  }

  /** Any thread: cancels a key, and returns when the selector has let go of its channel. */
  void release(SelectionKey key) {
    key.cancel();
    while (key.channel().keyFor(selector) == key) {
      if (selecting.tryLock()) {
        try {
          selector.selectNow(_ -> {});
        } catch (ClosedSelectorException closed) {
          return; // which let go of all
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
