package dev.goasync.tls;

import dev.goasync.Action;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.io.ByteSource;
import dev.goasync.io.Selectable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
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
 * One end of a TLS connection: which half of the engine works when, and for whom.
 *
 * <p>Who is inside the gate owns {@link Outbound}, and until the handshake is done {@link Inbound}
 * and the whole engine. Then the one reader owns Inbound. The reader never waits for the gate, nor
 * for room in the channel: two peers whose readers did would wait for each other. What it has to
 * say is sent by a coroutine of its own, as is what a cancelled writer has taken.
 *
 * <p>Each step leaves everything so that another caller can go on after a cancel.
 */
final class Connection implements ByteSource {
  /** For how long a peer that does not read is waited for when there is no more to come. */
  static final Duration FAREWELL = Duration.ofSeconds(5);

  private static final int MAX_UNANSWERED = 64;

  final ByteChannel channel;
  final SSLEngine engine;
  private final Gate gate = new Gate();
  private final Outbound outbound;
  private final Inbound inbound;
  private final Handshake handshake;
  private int unanswered; // the reader's
  private volatile boolean handshaken;
  private volatile boolean ended;
  private volatile boolean reading;
  private volatile boolean open = true;
  private volatile @Nullable SSLException failure;
  private volatile @Nullable Task<?> rest;

  Connection(ByteChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    this.outbound = new Outbound(channel, engine);
    this.inbound = new Inbound(channel, engine);
    this.handshake = new Handshake(engine, outbound, inbound);
  }

  /** Whether a record, or a part of one, is kept somewhere. For tests. */
  boolean holdsBuffer() {
    return !outbound.isFlushed() || inbound.hasBegun() || inbound.hasPlain();
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

  /** Shakes hands unless that is done. */
  void handshake() throws IOException {
    checkUsable();
    if (handshaken) {
      return;
    }
    gate.enter();
    try {
      checkUsable();
      if (!handshaken) {
        shakeHands();
      }
    } catch (SSLException failed) {
      throw failInside(failed);
    } finally {
      gate.leave();
    }
  }

  private void shakeHands() throws IOException {
    handshake.shake();
    flushOrLeaveIt();
    handshaken = true;
  }

  /** The peer may have gone when it had sent all that it wanted to: reading tells. */
  private void flushOrLeaveIt() throws IOException {
    try {
      outbound.flush();
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException unsendable) {
      // who writes is told
    }
  }

  // ---- the reader ----

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    handshake();
    reading = true;
    try {
      checkUsable();
      int count = inbound.take(target);
      while (count == 0 && !ended) {
        count = receive(target);
      }
      return count == 0 ? -1 : count;
    } catch (SSLException failed) {
      throw fail(failed);
    } finally {
      reading = false;
    }
  }

  /** Decrypts a record if one is there, or else waits for bytes; returns how many are for us. */
  private int receive(ByteBuffer target) throws IOException {
    int before = target.position();
    SSLEngineResult result = inbound.decrypt(target);
    HandshakeStatus status = result.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_TASK) {
      throw Failures.renegotiation();
    }
    if (status == HandshakeStatus.NEED_WRAP) {
      answer(result.bytesConsumed() > 0 && result.bytesProduced() == 0);
    }
    switch (result.getStatus()) {
      case CLOSED -> ended = true;
      case BUFFER_UNDERFLOW -> {
        if (channel instanceof Selectable selectable && !inbound.hasBegun()) {
          selectable.readable().await(); // without a buffer
        }
        if (!inbound.receive()) {
          throw Failures.truncated();
        }
      }
      default -> {}
    }
    return target.position() - before + inbound.take(target);
  }

  /**
   * Has the engine's answer to the peer's wish for new keys made and sent, unless somebody is
   * sending, who will do so: it is due before our next bytes (RFC 8446, 4.6.3), not now. A peer
   * that goes on wishing and does not read is made to wait.
   */
  private void answer(boolean wished) throws IOException {
    unanswered += wished ? 1 : 0;
    if (unanswered > MAX_UNANSWERED) {
      gate.enter();
    } else if (!gate.tryEnter()) {
      return;
    }
    try {
      outbound.encrypt();
      unanswered = 0;
      if (outbound.unsentBytes() > RecordBuffers.CAPACITY) {
        outbound.flush();
      }
    } finally {
      gate.leave();
    }
    startSendingRest();
  }

  // ---- the writer ----

  /** Sends a record's worth of the sources, which are not empty; returns how many bytes of it. */
  long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    handshake();
    gate.enter();
    try {
      checkUsable();
      outbound.flush();
      return send(sources, offset, length);
    } catch (SSLException failed) {
      throw failInside(failed);
    } finally {
      gate.leave();
    }
  }

  private long send(ByteBuffer[] sources, int offset, int length) throws IOException {
    if (GoAsync.inCoroutine()) {
      GoAsync.checkCancelled(); // from here on the bytes are taken
    }
    SSLEngineResult result;
    do {
      result = outbound.encrypt(sources, offset, length);
    } while (result.bytesProduced() > 0 && result.bytesConsumed() == 0);
    if (result.bytesConsumed() == 0) {
      throw result.getStatus() == Status.CLOSED
          ? Failures.outputEnded(channel)
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
   * What nobody waits to send goes out by itself: a cancelled writer may be the last to write, and
   * the reader may wait already for the answer. Only a plain thread over a channel that knows no
   * readiness leaves it to the next who sends, since it would block a loop.
   */
  private void startSendingRest() {
    if (GoAsync.inCoroutine() || channel instanceof Selectable) {
      try {
        rest = GoAsync.goAsync("rest for " + channel, this::sendRest);
      } catch (RejectedExecutionException closing) {
        // the loop is, and with it most likely the connection
      }
    }
  }

  private void sendRest() throws IOException {
    gate.enter();
    try {
      flushOrLeaveIt();
    } finally {
      gate.leave();
    }
  }

  /** Says that no more will come. */
  void shutdownOutput() throws IOException {
    handshake();
    gate.enter();
    try {
      sayThatNoMoreComes();
    } finally {
      gate.leave();
    }
  }

  private void sayThatNoMoreComes() throws IOException {
    engine.closeOutbound();
    while (!engine.isOutboundDone() && outbound.encrypt().bytesProduced() > 0) {
      // alerts
    }
    outbound.flush();
  }

  // ---- the end ----

  private SSLException fail(SSLException failed) {
    if (!gate.tryEnter()) {
      return told(failed); // who is sending sends the alert as well, or fails
    }
    try {
      return failInside(failed);
    } finally {
      gate.leave();
    }
  }

  /** Ends the connection for a reason, of which the peer is told by the engine's alert. */
  private SSLException failInside(SSLException failed) {
    SSLException told = told(failed);
    if (told != failed) {
      farewell(this::sayThatNoMoreComes);
    }
    return told;
  }

  /** Notes the first failure, and tells where it was. */
  private SSLException told(SSLException failed) {
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
      Task<?> sending = rest;
      if (sending != null) {
        farewell(sending::await);
      }
      if ((handshaken || failure != null) && gate.tryEnter()) {
        try {
          farewell(this::sayGoodbye);
        } finally {
          gate.leave();
        }
      }
    } finally {
      channel.close();
    }
  }

  private void sayGoodbye() throws IOException {
    if (failure == null) {
      sayThatNoMoreComes();
    }
    if (!reading) {
      // A socket that is closed while bytes are unread, such as session tickets, resets the
      // connection, and what was sent last may be lost.
      inbound.discard();
    }
  }

  /** Does what need not succeed; not for long, if the peer does not read. */
  private void farewell(Action<IOException> last) {
    try {
      if (GoAsync.inCoroutine() || !hasRoom()) {
        GoAsync.withTimeout(FAREWELL, last);
      } else {
        last.run();
      }
    } catch (IOException | CancellationException | DeadlineExceededException unheard) {
      // the peer finds out by itself
    }
  }

  private boolean hasRoom() throws IOException {
    return !(channel instanceof Selectable selectable) || selectable.writable().isReady();
  }
}
