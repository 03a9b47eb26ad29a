package dev.goasync.tls;

import dev.goasync.GoAsync;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.loop.Tracer;
import dev.goasync.internal.loop.Tracing;
import dev.goasync.internal.util.RuntimeCounters;
import java.io.IOException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The handshake. It can be cancelled and continued at each step. One caller at a time. */
final class Handshake {
  private final SSLEngine engine;
  private final Outbound outbound;
  private final Inbound inbound;
  private boolean begun;
  private long begin;

  /** The type of the last record; -1 if none came. */
  private int type = -1;

  /** Kept for the next caller, because a caller that is cancelled at the time does not get it. */
  private @Nullable SSLException failure;

  Handshake(SSLEngine engine, Outbound outbound, Inbound inbound) {
    this.engine = engine;
    this.outbound = outbound;
    this.inbound = inbound;
  }

  /** Like {@link #run}; a JFR recording gets an event of the handshake with {@code peer}. */
  void runRecorded(Object peer) throws IOException {
    Tracer tracer = Tracing.ofRecording();
    if (tracer == null) {
      run();
      return;
    }
    Object recorded = tracer.handshakeBegins();
    Throwable failed = null;
    try {
      run();
    } catch (Throwable thrown) {
      failed = thrown;
      throw thrown;
    } finally {
      SSLSession session = engine.getSession();
      tracer.handshakeEnded(
          recorded,
          peer,
          engine.getUseClientMode(),
          session.getProtocol(),
          session.getCipherSuite(),
          failed);
    }
  }

  /** Runs or continues the handshake to its end. The last records may still be unsent then. */
  private void run() throws IOException {
    while (!GoAsync.offload(this::compute)) {
      outbound.flush();
      if (!inbound.receive()) {
        throw Failures.endInHandshake();
      }
    }
  }

  /**
   * Computes until the handshake is done; returns false if it needs bytes of the peer first. All of
   * it runs in the offload pool, because not only the delegated tasks are slow: wrap and unwrap
   * make the keys of a client's hello and the signature of its certificate.
   */
  private boolean compute() throws SSLException {
    if (failure != null) {
      throw failure;
    }
    try {
      if (!begun) {
        begun = true;
        begin = TimeSource.SYSTEM.nanoTime();
        engine.beginHandshake();
      }
      boolean done = advance();
      if (done) {
        RuntimeCounters.HANDSHAKES.increment();
        RuntimeCounters.HANDSHAKE_NANOS.add(TimeSource.SYSTEM.nanoTime() - begin);
      }
      return done;
    } catch (Exception failed) { // some engines throw checked exceptions that they do not declare
      SSLException converted = Failures.inHandshake(failed, type);
      failure = converted;
      RuntimeCounters.FAILED_HANDSHAKES.increment();
      throw converted;
    }
  }

  private boolean advance() throws SSLException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runDelegatedTasks();
        case NEED_WRAP -> refuseEnd(outbound.encrypt());
        case NOT_HANDSHAKING, FINISHED -> {
          return true;
        }
        default -> {
          type = inbound.nextType();
          SSLEngineResult result = inbound.decryptHandshake();
          if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            if (result.bytesConsumed() == 0 && isUnwrapNeeded()) {
              return false;
            }
          } else {
            refuseEnd(result);
          }
        }
      }
    }
  }

  /** After an underflow: an engine may have processed bytes of its own and need something else. */
  private boolean isUnwrapNeeded() {
    HandshakeStatus status = engine.getHandshakeStatus();
    return status == HandshakeStatus.NEED_UNWRAP || status == HandshakeStatus.NEED_UNWRAP_AGAIN;
  }

  /** Runs the tasks of the engine. In the offload pool. */
  void runDelegatedTasks() throws SSLException {
    try {
      for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
        task.run();
      }
    } catch (RuntimeException failed) {
      throw Failures.ofEngine(failed);
    }
  }

  private static void refuseEnd(SSLEngineResult result) throws SSLException {
    if (result.getStatus() == Status.CLOSED) {
      throw Failures.endInHandshake();
    }
  }
}
