package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.util.SpinLock;
import dev.goasync.internal.util.UnclosedResource;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking channel, with its registrations in the selectors of loops and threads. An owned
 * channel whose socket becomes unreachable is closed, with a warning; an operation keeps its socket
 * reachable until it ends.
 */
public final class NioSocket {
  private static final SharedSelector.Registration[] NONE = {};

  private final SelectableChannel channel;
  private final Name name;

  /** Null for a channel that another owner closes. */
  private final @Nullable UnclosedResource watch;

  private final SpinLock lock = new SpinLock();

  /** Replaced under the lock, never modified. */
  private volatile SharedSelector.Registration[] registrations = NONE;

  private volatile boolean closed;

  /**
   * Makes the channel non-blocking and takes ownership of it.
   *
   * @param name the address, for messages
   */
  public NioSocket(SelectableChannel channel, Object name) throws IOException {
    this(channel, name, true);
  }

  private NioSocket(SelectableChannel channel, Object name, boolean owned) throws IOException {
    this.channel = channel;
    this.name = new Name(name);
    if (channel.isBlocking()) {
      channel.configureBlocking(false);
    }
    watch = owned ? UnclosedResource.watch(this, this.name, () -> closeUnreachable(channel)) : null;
  }

  /** A channel that another owner closes: closing the socket only ends the waits. */
  static NioSocket unowned(SelectableChannel channel) throws IOException {
    return new NioSocket(channel, channel, false);
  }

  /** Closes the channel of a socket that was collected, and so has no wait. */
  private static void closeUnreachable(SelectableChannel channel) throws IOException {
    SharedSelector.releaseFromAll(channel);
    channel.close();
  }

  /** The name in messages, apart from the socket: the watch must not keep the socket reachable. */
  private static final class Name {
    private volatile Object value;

    Name(Object value) {
      this.value = value;
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  SelectableChannel channel() {
    return channel;
  }

  /** Changes the name in messages. */
  public void rename(Object newName) {
    name.value = newName;
  }

  boolean isClosed() {
    return closed;
  }

  /** Throws if the socket is closed. */
  public void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /** Starts an operation that may wait: throws if the socket is closed or the caller cancelled. */
  public void begin() throws ClosedChannelException {
    checkOpen();
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.checkCancelled();
    }
  }

  /** Whether a wait costs the caller less than an attempt that probably finds nothing. */
  public boolean waitsCheaply() throws IOException {
    Fiber fiber = Fiber.current();
    return fiber != null && fiber.loop().poller() instanceof NioPoller;
  }

  /** Waits until an operation of {@link SelectionKey} is ready. */
  public void await(int operation) throws IOException {
    await(operation, Pollable.Timed.NO_TIMEOUT);
  }

  /**
   * Waits until an operation of {@link SelectionKey} is ready: pauses a coroutine, blocks any other
   * thread.
   *
   * @param threadTimeoutNanos the longest wait of a plain thread
   */
  public void await(int operation, long threadTimeoutNanos) throws IOException {
    Fiber fiber = Fiber.current();
    if (fiber != null && fiber.loop().poller() instanceof NioPoller poller) {
      registrationIn(poller).await(fiber, operation);
    } else if (fiber != null) {
      SelectorLoop.await(this, operation, fiber);
    } else {
      ThreadSelector.await(this, operation, threadTimeoutNanos);
    }
  }

  private LoopRegistration registrationIn(NioPoller poller) throws ClosedChannelException {
    for (SharedSelector.Registration each : registrations) {
      if (each.selector == poller.selector()) {
        return (LoopRegistration) each;
      }
    }
    poller.selector().enter();
    lock.lock();
    try {
      checkOpenMeanwhile();
      LoopRegistration added = new LoopRegistration(this, poller);
      add(added);
      return added;
    } finally {
      lock.unlock();
      poller.selector().leave();
    }
  }

  ThreadSelector.Registration register(SharedSelector selector) throws ClosedChannelException {
    selector.enter();
    lock.lock();
    try {
      checkOpenMeanwhile();
      ThreadSelector.Registration added = new ThreadSelector.Registration(this, selector);
      add(added);
      return added;
    } finally {
      lock.unlock();
      selector.leave();
    }
  }

  /** Adds a registration, and drops those of closed loops. */
  private void add(SharedSelector.Registration added) {
    SharedSelector.Registration[] valid =
        Arrays.stream(registrations)
            .filter(r -> r.key.isValid())
            .toArray(SharedSelector.Registration[]::new);
    SharedSelector.Registration[] all = Arrays.copyOf(valid, valid.length + 1);
    all[valid.length] = added;
    registrations = all;
  }

  /** Removes the socket from a selector. */
  void remove(SharedSelector.Registration registration) {
    registration.selector.release(registration.key);
    lock.lock();
    try {
      registrations =
          Arrays.stream(registrations)
              .filter(each -> each != registration)
              .toArray(SharedSelector.Registration[]::new);
    } finally {
      lock.unlock();
    }
  }

  /** Throws if the socket was closed during an operation. */
  void checkOpenMeanwhile() throws AsynchronousCloseException {
    if (closed) {
      throw new AsynchronousCloseException();
    }
  }

  /** Converts an exception of the channel to that of this operation, with the address. */
  public IOException explain(IOException thrown, Object address) {
    if (closed && thrown instanceof ClosedChannelException) {
      return new AsynchronousCloseException();
    }
    return SocketErrors.naming(thrown, address);
  }

  /**
   * Closes. Removes the channel from its selectors first: otherwise the JDK's close only shuts the
   * output down, and the descriptor stays open until the last selector has dropped the key.
   */
  public void close() throws IOException {
    if (deregister()) {
      channel.close();
    }
  }

  /** Ends all waits and leaves all selectors; returns false if that was done before. */
  boolean deregister() {
    SharedSelector.Registration[] left;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      left = registrations;
      registrations = NONE;
    } finally {
      lock.unlock();
    }
    if (watch != null) {
      watch.closed();
    }
    for (SharedSelector.Registration each : left) {
      each.selector.release(each.key);
      each.socketClosed();
    }
    return true;
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
