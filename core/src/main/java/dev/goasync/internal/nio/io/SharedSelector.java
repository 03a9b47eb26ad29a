package dev.goasync.internal.nio.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A selector that its owner selects in, and from which any thread can remove a channel.
 *
 * <p>A selector drops a cancelled key only in a selection, and with the last key the channel
 * releases its descriptor. A thread that closes a channel does not wait for the owner's next
 * selection, which may be late: if the owner is selecting, the thread wakes it, otherwise the
 * thread makes a selection itself. Such a selection may find channels ready; it does not report
 * them, and the owner's next selection finds them again. It may also consume a wake-up that was
 * meant for the owner, so it is followed by another wake-up.
 *
 * <p><b>Coroutines.</b> The JDK's selector has monitors. A coroutine in full mode that finds one of
 * them taken unmounts, with the monitors and locks that it holds, and its loop's thread would wait
 * for these in its next selection for ever. So every entry to the selector is between {@link
 * #enter} and {@link #leave}, except those of the owner's thread: a coroutine of the owner then
 * finds no monitor taken, since the owner's thread runs it, and other callers have left. A caller
 * that must wait to enter holds nothing yet, and yields.
 */
final class SharedSelector {
  /**
   * The registration of a socket in a selector. The key refers to it weakly: a selector keeps its
   * keys reachable, and must not keep a socket reachable that the program has dropped.
   */
  abstract static class Registration {
    final NioSocket socket;
    final SharedSelector selector;
    final SelectionKey key;

    /** Registers without any interest. Under the socket's lock, in the entered selector. */
    Registration(NioSocket socket, SharedSelector selector) throws ClosedChannelException {
      this.socket = socket;
      this.selector = selector;
      this.key = socket.channel().register(selector.selector, 0, new WeakReference<>(this));
    }

    /** The socket was closed: ends the waits of this registration. Any thread. */
    abstract void socketClosed();
  }

  private static final Set<SharedSelector> OPEN = ConcurrentHashMap.newKeySet();

  private final Selector selector;
  private final ReentrantLock selecting = new ReentrantLock();
  private final AtomicBoolean entered = new AtomicBoolean();

  SharedSelector() throws IOException {
    selector = Selector.open();
    OPEN.add(this);
  }

  /** The registration of a key; null if its socket was collected. */
  static @Nullable Registration registrationOf(SelectionKey key) {
    return (Registration) ((WeakReference<?>) key.attachment()).get();
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

  /** Waits until no other caller is in the selector; paired with {@link #leave}. */
  void enter() {
    while (!entered.compareAndSet(false, true)) {
      Thread.yield(); // a coroutine lets its loop run
    }
  }

  /** Lets other callers enter. */
  void leave() {
    entered.set(false);
  }

  /** Cancels a key, and returns once the selector has dropped it. Any thread. */
  void release(SelectionKey key) {
    while (!tryRelease(key)) {
      selector.wakeup();
      Thread.yield();
    }
  }

  /** Removes a channel, which no operation uses, from all selectors. Any thread. */
  static void releaseFromAll(SelectableChannel channel) {
    for (SharedSelector each : OPEN) {
      SelectionKey key = channel.keyFor(each.selector);
      if (key != null) {
        each.release(key);
      }
    }
  }

  /** Cancels a key; returns whether the selector has dropped it, or is closed. */
  private boolean tryRelease(SelectionKey key) {
    enter();
    try {
      key.cancel();
      if (isDropped(key)) {
        return true;
      }
      if (!selecting.tryLock()) {
        return false;
      }
      try {
        selector.selectNow(_ -> {});
        return isDropped(key);
      } catch (ClosedSelectorException closed) {
        return true; // a closed selector has dropped all keys
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      } finally {
        selecting.unlock();
        selector.wakeup();
      }
    } finally {
      leave();
    }
  }

  private boolean isDropped(SelectionKey key) {
    return key.channel().keyFor(selector) != key;
  }

  void close() throws IOException {
    OPEN.remove(this);
    selector.close();
  }
}
