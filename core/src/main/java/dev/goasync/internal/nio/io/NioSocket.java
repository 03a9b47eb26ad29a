package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.util.SpinLock;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Arrays;

/** A channel that does not block, and the selectors in which somebody waits or waited for it. */
public final class NioSocket {
  private static final Registration[] NONE = {};

  private final SelectableChannel channel;
  private volatile Object name;

  private final SpinLock lock = new SpinLock();

  /** Replaced, never changed; under the lock. */
  private volatile Registration[] registrations = NONE;

  private volatile boolean closed;

  /**
   * @param name an address, for messages
   */
  public NioSocket(SelectableChannel channel, Object name) throws IOException {
    this.channel = channel;
    this.name = name;
    if (channel.isBlocking()) {
      channel.configureBlocking(false);
    }
  }

  SelectableChannel channel() {
    return channel;
  }

  /** What it is called from now on. */
  public void rename(Object newName) {
    name = newName;
  }

  boolean isClosed() {
    return closed;
  }

  public void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /** The beginning of each operation that may wait: neither closed nor cancelled yet. */
  public void begin() throws ClosedChannelException {
    checkOpen();
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.checkCancelled();
    }
  }

  /** Whether the caller waits cheaply, so that a try that is likely in vain is better left out. */
  public boolean waitsCheaply() throws IOException {
    Fiber fiber = Fiber.current();
    return fiber != null && fiber.loop().poller() instanceof NioPoller;
  }

  /** Waits until an operation of {@link SelectionKey} is ready, as it suits the caller. */
  public void await(int operation) throws IOException {
    await(operation, Pollable.Timed.NO_TIMEOUT);
  }

  /** Like the other; a thread for at most so long, see {@link Pollable}. */
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
    for (Registration each : registrations) {
      if (each.selector == poller.selector()) {
        return (LoopRegistration) each;
      }
    }
    lock.lock();
    try {
      checkOpenMeanwhile();
      LoopRegistration added = new LoopRegistration(this, poller);
      add(added);
      return added;
    } finally {
      lock.unlock();
    }
  }

  ThreadRegistration register(SharedSelector selector) throws ClosedChannelException {
    lock.lock();
    try {
      checkOpenMeanwhile();
      ThreadRegistration added = new ThreadRegistration(this, selector);
      add(added);
      return added;
    } finally {
      lock.unlock();
    }
  }

  /** Those of loops that have ended go. */
  private void add(Registration added) {
    Registration[] valid =
        Arrays.stream(registrations).filter(r -> r.key.isValid()).toArray(Registration[]::new);
    Registration[] all = Arrays.copyOf(valid, valid.length + 1);
    all[valid.length] = added;
    registrations = all;
  }

  /** Takes the socket out of a selector again. */
  void withdraw(Registration registration) {
    registration.selector.release(registration.key);
    lock.lock();
    try {
      registrations =
          Arrays.stream(registrations)
              .filter(each -> each != registration)
              .toArray(Registration[]::new);
    } finally {
      lock.unlock();
    }
  }

  void checkOpenMeanwhile() throws AsynchronousCloseException {
    if (closed) {
      throw new AsynchronousCloseException();
    }
  }

  /** What an exception of the channel means to the caller. */
  public IOException explain(IOException thrown, Object who) {
    if (closed && thrown instanceof ClosedChannelException) {
      return new AsynchronousCloseException();
    }
    return SocketErrors.naming(thrown, who);
  }

  /**
   * Closes. The channel leaves its selectors first, else its close would only shut the output, and
   * its descriptor live on until the last selector has seen to it.
   */
  public void close() throws IOException {
    if (letGo()) {
      channel.close();
    }
  }

  /** Ends all waits and leaves the selectors; returns false if that was done before. */
  boolean letGo() {
    Registration[] left;
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
    for (Registration each : left) {
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
