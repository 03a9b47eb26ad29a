package dev.goasync.tls;

import dev.goasync.Action;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.internal.loop.FifoLock;
import dev.goasync.internal.util.Log;
import dev.goasync.io.ByteSource;
import dev.goasync.io.Selectable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One side of a TLS connection: decides which caller uses which half of the engine.
 *
 * <p><b>Ownership.</b> The holder of {@link #sending} owns {@link Outbound}. Until the handshake is
 * done, it also owns {@link Inbound} and the whole engine; afterwards the one reader owns Inbound.
 *
 * <p><b>States.</b>
 *
 * <ol>
 *   <li><i>New</i>. The first operation acquires {@link #sending} and runs the handshake. If it is
 *       cancelled, the next operation continues the handshake where it stopped.
 *   <li><i>Handshaken</i>. Set once, by the holder of {@link #sending}. Reads and writes run at the
 *       same time.
 *   <li><i>Ended</i>: the reader got the peer's close_notify. Writes may go on.
 *   <li><i>Failed</i>: {@link #failure} is set once, by any caller. Every later operation throws it
 *       with a stack trace of its own. The engine's alert is sent by the caller that failed, or by
 *       the holder of {@link #sending}.
 *   <li><i>Closed</i>: {@link #open} is false, set by {@link #close}.
 * </ol>
 *
 * <p><b>No deadlock of two peers.</b> The reader never waits for {@link #sending} nor for room in
 * the channel, else two peers whose readers did so would wait for each other. Its own output, and
 * the unsent rest of a cancelled write, are sent by a separate coroutine ({@link
 * #startSendingRest}).
 *
 * <p>Each step leaves a state in which another caller can continue after a cancel.
 */
final class Connection implements ByteSource {
  /** How long a close waits for a peer that does not read. */
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private static final int MAX_UNANSWERED_KEY_UPDATES = 64;

  final ByteChannel channel;
  final SSLEngine engine;
  private final FifoLock sending = new FifoLock("the end of another TLS write");
  private final Outbound outbound;
  private final Inbound inbound;
  private final Handshake handshake;
  private int unansweredKeyUpdates; // owned by the reader
  private volatile boolean handshaken;
  private volatile boolean ended;
  private volatile boolean reading;

  /** Whether this side has sent close_notify by a shutdown. Guarded by {@link #sending}. */
  private boolean outputShut;

  private volatile boolean open = true;
  private volatile @Nullable SSLException failure;

  /** Sends what a reader or a cancelled writer has left unsent; null if never needed. */
  private volatile @Nullable Task<?> restSender;

  Connection(ByteChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    this.outbound = new Outbound(channel, engine);
    this.inbound = new Inbound(channel, engine);
    this.handshake = new Handshake(engine, outbound, inbound);
  }

  /** Whether a record, or a part of one, is buffered. For tests. */
  boolean holdsBuffer() {
    return !outbound.isFlushed() || inbound.hasRecords() || inbound.hasPlaintext();
  }

  private void checkUsable() throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    SSLException earlier = failure;
    if (earlier != null) {
      throw Failures.at(channel, earlier);
    }
  }

  // ---- the handshake ----

  /** Runs the handshake unless it is done. */
  void handshake() throws IOException {
    checkUsable();
    if (handshaken) {
      return;
    }
    sending.acquire();
    try {
      checkUsable();
      if (!handshaken) {
        handshake.runRecorded(channel);
        flushIfPossible();
        handshaken = true;
      }
    } catch (SSLException failed) {
      throw failWhileSending(failed);
    } finally {
      sending.release();
    }
  }

  /** Flushes. A peer that has sent all its data may have closed already; reading shows that. */
  private void flushIfPossible() throws IOException {
    try {
      outbound.flush();
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException unsendable) {
      // the next write throws
    }
  }

  // ---- the reader ----

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("target is read-only");
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    handshake();
    reading = true;
    try {
      checkUsable();
      return readOpened(target);
    } catch (SSLException failed) {
      throw failWhileReading(failed);
    } finally {
      reading = false;
    }
  }

  private int readOpened(ByteBuffer target) throws IOException {
    try {
      int count = inbound.drain(target);
      while (count == 0 && !ended) {
        count = receive(target);
      }
      return count == 0 ? -1 : count;
    } catch (AsynchronousCloseException closed) {
      throw closed;
    } catch (ClosedChannelException closed) {
      // A record without data, such as a session ticket, needs a second read of the channel.
      throw open ? closed : new AsynchronousCloseException();
    }
  }

  /** Decrypts a record if one is buffered, else waits for bytes; returns the count of plaintext. */
  private int receive(ByteBuffer target) throws IOException {
    int before = target.position();
    SSLEngineResult result = inbound.decrypt(target);
    HandshakeStatus status = result.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_TASK) {
      runTasks();
    }
    if (status == HandshakeStatus.NEED_WRAP) {
      encryptAnswer(result);
    }
    switch (result.getStatus()) {
      case CLOSED -> {
        if (!open) {
          throw new AsynchronousCloseException(); // our close closed the engine, not the peer's
        }
        ended = true;
      }
      case BUFFER_UNDERFLOW -> {
        if (channel instanceof Selectable selectable && !inbound.hasRecords()) {
          selectable.readable().await(); // holds no buffer meanwhile
        }
        if (!inbound.receive()) {
          throw Failures.truncated();
        }
      }
      default -> {}
    }
    return target.position() - before + inbound.drain(target);
  }

  /** Runs the tasks of a message after the handshake, which with TLS 1.2 renegotiates. */
  private void runTasks() throws SSLException {
    if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
      throw Failures.renegotiation();
    }
    GoAsync.offload(handshake::runDelegatedTasks);
    inbound.engineHasNews();
  }

  /**
   * Encrypts and sends the engine's answer to a message, such as a key update of the peer. If
   * another caller is sending, that caller does so: the answer must precede the next application
   * data (RFC 8446, 4.6.3), but is not urgent. The reader waits only if the engine decrypts nothing
   * before its answer, and for a peer that goes on requesting updates and does not read.
   */
  private void encryptAnswer(SSLEngineResult result) throws IOException {
    boolean message = result.bytesConsumed() > 0 && result.bytesProduced() == 0;
    boolean refused =
        result.getStatus() == Status.OK
            && result.bytesConsumed() == 0
            && result.bytesProduced() == 0;
    unansweredKeyUpdates += message ? 1 : 0;
    if (refused || unansweredKeyUpdates > MAX_UNANSWERED_KEY_UPDATES) {
      sending.acquire();
    } else if (!sending.tryAcquire()) {
      return;
    }
    try {
      // An engine of OpenSSL throws a record's failure only after the last byte of its alert.
      while (outbound.encrypt().bytesProduced() > 0) {}
      unansweredKeyUpdates = 0;
      inbound.engineHasNews();
      if (outbound.unsentBytes() > RecordBuffers.CAPACITY) {
        outbound.flush();
      }
    } finally {
      sending.release();
    }
    startSendingRest();
  }

  // ---- the writer ----

  /** Sends one record of the sources, which have bytes; returns the count of those it took. */
  long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    handshake();
    sending.acquire();
    try {
      checkUsable();
      outbound.flush();
      return send(sources, offset, length);
    } catch (SSLException failed) {
      throw failWhileSending(failed);
    } finally {
      sending.release();
    }
  }

  private long send(ByteBuffer[] sources, int offset, int length) throws IOException {
    if (GoAsync.inCoroutine()) {
      GoAsync.checkCancelled(); // the last chance: encrypted bytes are sent
    }
    SSLEngineResult result;
    do {
      result = outbound.encrypt(sources, offset, length);
    } while (result.bytesProduced() > 0 && result.bytesConsumed() == 0);
    if (result.bytesConsumed() == 0) {
      throw result.getStatus() == Status.CLOSED
          ? outputShut ? Failures.outputEnded(channel) : Failures.closedByPeer(channel)
          : Failures.renegotiation();
    }
    try {
      outbound.flush();
    } catch (CancellationException | InterruptedIOException cancelled) {
      startSendingRest();
    }
    return result.bytesConsumed();
  }

  /**
   * Starts a coroutine that sends what no caller waits to send: a cancelled writer may have been
   * the last to write, and the reader may be waiting for the response. On a plain thread over a
   * channel without readiness such a coroutine would block its loop; there the next writer sends
   * the rest.
   */
  private void startSendingRest() {
    if (GoAsync.inCoroutine() || channel instanceof Selectable) {
      try {
        restSender = GoAsync.goAsync("TLS rest for " + channel, this::sendRest);
      } catch (RejectedExecutionException loopIsClosing) {
        // so is the connection, in all likelihood
      }
    }
  }

  private void sendRest() throws IOException {
    sending.acquire();
    try {
      flushIfPossible();
    } finally {
      sending.release();
    }
  }

  /** Sends close_notify. */
  void shutdownOutput() throws IOException {
    handshake();
    sending.acquire();
    try {
      outputShut = true;
      sendCloseNotify();
    } finally {
      sending.release();
    }
  }

  private void sendCloseNotify() throws IOException {
    engine.closeOutbound();
    while (!engine.isOutboundDone() && outbound.encrypt().bytesProduced() > 0) {
      // alerts
    }
    outbound.flush();
  }

  // ---- failure and close ----

  private SSLException failWhileReading(SSLException failed) {
    if (!sending.tryAcquire()) {
      return recordFailure(failed); // the sender sends the alert as well, or fails
    }
    try {
      return failWhileSending(failed);
    } finally {
      sending.release();
    }
  }

  /** Fails the connection and sends the engine's alert. The caller holds {@link #sending}. */
  private SSLException failWhileSending(SSLException failed) {
    SSLException located = recordFailure(failed);
    if (located != failed) {
      try {
        runLimited(this::sendCloseNotify);
      } catch (RuntimeException alertFailed) {
        located.addSuppressed(alertFailed);
      }
    }
    return located;
  }

  /** Records the first failure; returns it with the channel's name in its message. */
  private SSLException recordFailure(SSLException failed) {
    if (failure != null) {
      return failed;
    }
    failure = failed;
    return Failures.at(channel, failed);
  }

  void close() throws IOException {
    if (!open) {
      return;
    }
    open = false;
    try {
      Task<?> sender = restSender;
      if (sender != null) {
        runLimited(sender::await);
      }
      if ((handshaken || failure != null) && sending.tryAcquire()) {
        try {
          runLimited(this::sendEnd);
        } finally {
          sending.release();
        }
      }
    } finally {
      try {
        channel.close();
      } finally {
        closeEngine();
      }
    }
  }

  /**
   * Closes both halves of the engine, after the channel: engines of native libraries free their
   * memory and descriptors only then. The connection is over, so a failure of the engine is of no
   * use to the caller, and must not replace the exception that ended the connection.
   */
  private void closeEngine() {
    try {
      engine.closeOutbound();
    } catch (RuntimeException engineFailed) {
      Log.warning("an SSLEngine could not be closed: " + engine.getClass().getName(), engineFailed);
    } finally {
      closeInbound();
    }
  }

  private void closeInbound() {
    try {
      engine.closeInbound();
    } catch (SSLException truncated) {
      // the peer sent no close_notify, which a reader has got, or no reader wants to know
    } catch (RuntimeException engineFailed) {
      Log.warning("an SSLEngine could not be closed: " + engine.getClass().getName(), engineFailed);
    }
  }

  private void sendEnd() throws IOException {
    if (failure == null) {
      sendCloseNotify();
    }
    if (!reading) {
      // A socket that is closed with unread bytes, such as session tickets, resets the connection,
      // and the peer may lose what was sent last.
      inbound.discard();
    }
  }

  /** Runs a last action, which may fail and is given up if the peer does not read. */
  private void runLimited(Action<IOException> last) {
    try {
      if (GoAsync.inCoroutine() || !hasRoom()) {
        GoAsync.withTimeout(CLOSE_TIMEOUT, last);
      } else {
        last.run();
      }
    } catch (IOException | CancellationException | DeadlineExceededException failed) {
      // the peer finds out when the channel is closed
    }
  }

  private boolean hasRoom() throws IOException {
    return !(channel instanceof Selectable selectable) || selectable.writable().isReady();
  }
}
