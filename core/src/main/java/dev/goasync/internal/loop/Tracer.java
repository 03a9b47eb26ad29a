package dev.goasync.internal.loop;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Receives events of loops as they happen, to record them. A loop has none unless something
 * records; then one field that is null is all that a loop, a pause and a task read.
 *
 * <p>A method that begins a span returns an object, or null, that the method which ends the span
 * gets back. Methods are called on the loop's thread or by its current fiber, unless said
 * otherwise; they must not throw, and must not pause the fiber.
 */
public abstract class Tracer {
  /** The tracer of the loop; null if nothing is recorded. The loop's thread or current fiber. */
  public static @Nullable Tracer of(Loop loop) {
    return loop.tracer;
  }

  /** This tracer, or the part of it that has the type; null if there is none. Any thread. */
  public <T extends Tracer> @Nullable T find(Class<T> type) {
    return type.isInstance(this) ? type.cast(this) : null;
  }

  /** Pauses the fiber and traces the pause. */
  final void pause(Fiber fiber, Wait wait) {
    Object begun = waitBegins(fiber, wait);
    try {
      fiber.await(wait);
    } finally {
      waitEnded(fiber, wait, begun);
    }
  }

  // ---- tasks and waits ----

  /** The fiber, the current one, begins to run its task. */
  public @Nullable Object taskBegins(Fiber fiber) {
    return null;
  }

  /** The fiber's task has ended; the fiber may never have run. */
  public void taskEnded(Fiber fiber, @Nullable Object begun) {}

  /** The fiber, the current one, is about to pause. */
  protected @Nullable Object waitBegins(Fiber fiber, Wait wait) {
    return null;
  }

  /** The fiber, the current one, continues. */
  protected void waitEnded(Fiber fiber, Wait wait, @Nullable Object begun) {}

  // ---- cancels: of a fiber on any thread ----

  /** A cancel of the fiber, or of one of its scopes, was requested. Any thread. */
  protected void cancelRequested(Fiber fiber, String reason) {}

  /** A time limit has cancelled a scope of the fiber. */
  protected void limitReached(Fiber fiber, String reason) {}

  // ---- turns ----

  /** The loop begins to run what is ready. */
  protected @Nullable Object turnBegins(Loop loop) {
    return null;
  }

  /** The loop has run what was ready: so many tasks and continuations. */
  protected void turnEnded(Loop loop, long tasksRun, @Nullable Object begun) {}

  /** Code has kept the loop from running anything else. The thread of the detectors. */
  public void stalled(Loop loop, @Nullable Fiber running, String place, Duration time) {}

  // ---- rare events of any thread ----

  /** A thread of the offload pool begins to run a call for a fiber. */
  public @Nullable Object offloadBegins(Fiber fiber) {
    return null;
  }

  /** The call on the thread of the offload pool has returned. */
  public void offloadEnded(@Nullable Object begun) {}

  /** A TLS handshake begins. */
  public @Nullable Object handshakeBegins() {
    return null;
  }

  /**
   * A TLS handshake has ended.
   *
   * @param peer the connection, whose {@code toString} names the peer
   * @param failure null if it has succeeded
   */
  public void handshakeEnded(
      @Nullable Object begun,
      Object peer,
      boolean client,
      String protocol,
      String cipherSuite,
      @Nullable Throwable failure) {}

  /** A child process was started. */
  public void processStarted(long pid, String command) {}

  /** The end of a child process was seen. */
  public void processExited(long pid, String command, int exitCode) {}
}
