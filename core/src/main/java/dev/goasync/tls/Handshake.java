package dev.goasync.tls;

import dev.goasync.GoAsync;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The handshake, which can be cancelled and gone on with at each step. One caller at a time. */
final class Handshake {
  private static final ByteBuffer NO_ROOM = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final Outbound outbound;
  private final Inbound inbound;
  private boolean begun;
  private int type = -1; // of the record that came last

  /** Kept, since a caller who is cancelled meanwhile is not told. */
  private @Nullable SSLException failure;

  Handshake(SSLEngine engine, Outbound outbound, Inbound inbound) {
    this.engine = engine;
    this.outbound = outbound;
    this.inbound = inbound;
  }

  /** Goes on to the end, where the last of our records may still be unsent. */
  void shake() throws IOException {
    while (!GoAsync.offload(this::compute)) {
      outbound.flush();
      if (!inbound.receive()) {
        throw Failures.endInHandshake();
      }
    }
  }

  /**
   * Goes on until all is done, or until bytes of the peer are wanted, which is told by false. Not
   * only the delegated tasks are heavy: keys for a client's hello, and a signature by its
   * certificate, are made by wrap and unwrap.
   */
  private boolean compute() throws SSLException {
    if (failure != null) {
      throw failure;
    }
    try {
      if (!begun) {
        begun = true;
        engine.beginHandshake();
      }
      return advance();
    } catch (SSLException | RuntimeException failed) {
      SSLException told = Failures.inHandshake(failed, type);
      failure = told;
      throw told;
    }
  }

  private boolean advance() throws SSLException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runDelegatedTask();
        case NEED_WRAP -> refuseEnd(outbound.encrypt());
        case NOT_HANDSHAKING, FINISHED -> {
          return true;
        }
        default -> {
          type = inbound.nextType();
          SSLEngineResult result = inbound.decrypt(NO_ROOM);
          if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            return false;
          }
          refuseEnd(result);
        }
      }
    }
  }

  private void runDelegatedTask() {
    Runnable task = engine.getDelegatedTask();
    if (task != null) {
      task.run();
    }
  }

  private static void refuseEnd(SSLEngineResult result) throws SSLException {
    if (result.getStatus() == Status.CLOSED) {
      throw Failures.endInHandshake();
    }
  }
}
