package dev.goasync.tls;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An engine of the JDK that answers in ways which only other engines use, but which the contract of
 * SSLEngine allows: it refuses an array without a buffer, and after the handshake it can demand a
 * task, demand a wrap before it decrypts, or throw a failure only after its alert is encrypted,
 * from unwrap or from the next wrap.
 */
final class LateEngine extends SSLEngine {
  /** What the next unwrap after the handshake does once. */
  enum Quirk {
    NONE,
    TASK,
    WRAP_FIRST,
    LATE_FAILURE,
    FAILURE_BY_WRAP
  }

  /** Stands for an alert: the record of an engine with a failure. */
  private static final byte[] ALERT = {1};

  private final SSLEngine engine;
  private volatile Quirk next = Quirk.NONE;
  private volatile boolean wrapNeeded;
  private volatile @Nullable SSLException late;
  private volatile boolean failsByWrap;
  private volatile @Nullable Runnable task;
  volatile boolean closeFails;
  volatile boolean inboundClosed;
  final AtomicInteger tasksRun = new AtomicInteger();

  LateEngine(SSLEngine engine) {
    this.engine = engine;
  }

  void next(Quirk quirk) {
    next = quirk;
  }

  private static SSLEngineResult nothing(HandshakeStatus status) {
    return new SSLEngineResult(Status.OK, status, 0, 0);
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target)
      throws SSLException {
    if (length == 0) {
      throw new IndexOutOfBoundsException("no source");
    }
    SSLException failed = late;
    if (failsByWrap && !wrapNeeded && failed != null) {
      throw failed;
    }
    if (failsByWrap) {
      wrapNeeded = false;
      return engine.wrap(new ByteBuffer[] {ByteBuffer.wrap(ALERT)}, 0, 1, target);
    }
    wrapNeeded = false;
    return engine.wrap(sources, offset, length, target);
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length)
      throws SSLException {
    Quirk quirk = next;
    next = Quirk.NONE;
    switch (quirk) {
      case TASK -> {
        task = tasksRun::incrementAndGet;
        return nothing(HandshakeStatus.NEED_TASK);
      }
      case WRAP_FIRST -> wrapNeeded = true;
      case LATE_FAILURE, FAILURE_BY_WRAP -> {
        failsByWrap = quirk == Quirk.FAILURE_BY_WRAP;
        int count = source.remaining();
        source.position(source.limit());
        wrapNeeded = true;
        late = new SSLException("late");
        return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_WRAP, count, 0);
      }
      case NONE -> {}
    }
    if (wrapNeeded) {
      return nothing(HandshakeStatus.NEED_WRAP);
    }
    SSLException failed = late;
    if (failed != null && !failsByWrap) {
      throw failed;
    }
    return engine.unwrap(source, targets, offset, length);
  }

  @Override
  public @Nullable Runnable getDelegatedTask() {
    Runnable own = task;
    task = null;
    return own != null ? own : engine.getDelegatedTask();
  }

  @Override
  public void closeInbound() throws SSLException {
    inboundClosed = true;
    engine.closeInbound();
  }

  @Override
  public boolean isInboundDone() {
    return engine.isInboundDone();
  }

  @Override
  public void closeOutbound() {
    if (closeFails) {
      throw new IllegalStateException("expected by this test");
    }
    engine.closeOutbound();
  }

  @Override
  public boolean isOutboundDone() {
    return engine.isOutboundDone();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return engine.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return engine.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    engine.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return engine.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return engine.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    engine.setEnabledProtocols(protocols);
  }

  @Override
  public SSLSession getSession() {
    return engine.getSession();
  }

  @Override
  public void beginHandshake() throws SSLException {
    engine.beginHandshake();
  }

  @Override
  public HandshakeStatus getHandshakeStatus() {
    return engine.getHandshakeStatus();
  }

  @Override
  public void setUseClientMode(boolean mode) {
    engine.setUseClientMode(mode);
  }

  @Override
  public boolean getUseClientMode() {
    return engine.getUseClientMode();
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    engine.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return engine.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    engine.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return engine.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    engine.setEnableSessionCreation(flag);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return engine.getEnableSessionCreation();
  }
}
