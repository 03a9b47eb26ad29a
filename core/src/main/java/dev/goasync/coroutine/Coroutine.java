package dev.goasync.coroutine;

import dev.goasync.internal.vthread.CoroutineImplementation;
import dev.goasync.internal.vthread.CoroutineStack;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A computation with its own stack that runs when it is resumed and stops where it suspends. Each
 * resume passes a value of type {@code I} in, each suspend passes a value of type {@code O} out.
 *
 * <pre>{@code
 * Coroutine<Integer, String> total = Coroutine.of((self, first) -> {
 *   int sum = first;
 *   while (sum < 10) {
 *     sum += self.suspend("so far " + sum);
 *   }
 *   return "done: " + sum;
 * });
 * total.resume(4); // "so far 4"
 * total.resume(3); // "so far 7"
 * total.resume(5); // "done: 12", and total.state() is FINISHED
 * }</pre>
 *
 * <p>Nothing runs before the first {@link #resume}. A body may suspend at any depth of calls; the
 * depth is limited by the stack of the thread that resumes it. A body may resume other coroutines
 * but cannot suspend them.
 *
 * <p><b>Threads.</b> A coroutine may be created by one thread and resumed by another, platform or
 * virtual, inside {@code goAsync} or not. A coroutine of {@link #of} stays with the thread that
 * first resumed it. A coroutine of {@link #movable} may be resumed by different threads, one at a
 * time; each thread sees the writes of the earlier ones. Any thread may call {@link #state}, {@link
 * #result} and {@link #failure}.
 *
 * <p><b>The end.</b> {@link #close} a coroutine that may not run to its end, so that its finally
 * blocks run. The table in the package description says what happens to a coroutine that becomes
 * unreachable while suspended, and what else depends on the options of the JVM.
 *
 * @param <I> the type of the values that {@link #resume} passes in
 * @param <O> the type of the values that {@link #suspend} passes out
 */
public final class Coroutine<I extends @Nullable Object, O extends @Nullable Object>
    implements AutoCloseable {
  /**
   * The code of a coroutine.
   *
   * @param <I> the type of the values that are passed in
   * @param <O> the type of the values that are passed out
   */
  @FunctionalInterface
  public interface Body<I extends @Nullable Object, O extends @Nullable Object> {
    /**
     * Runs on the coroutine's stack.
     *
     * @param self the coroutine; call {@link Coroutine#suspend} on it
     * @param first the value that the first {@link Coroutine#resume} passed
     * @return the value that the last {@link Coroutine#resume} returns
     * @throws Exception if the coroutine fails; see {@link Coroutine#resume}
     */
    O run(Coroutine<I, O> self, I first) throws Exception;
  }

  /** The states of a coroutine. */
  public enum State {
    /** Not started, or stopped in {@link Coroutine#suspend}. */
    SUSPENDED,
    /** Resumed and not suspended again; also while it resumes another coroutine or is paused. */
    RUNNING,
    /** The body has returned. */
    FINISHED,
    /** The body has thrown. */
    FAILED,
    /** Closed before the body returned. */
    CLOSED
  }

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Coroutine.class, "state", State.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // States and transitions. The thread in resume() or close() makes the first; the body, on its own
  // stack, chooses the last.
  //
  //   SUSPENDED --resume, close--> RUNNING --suspend-->        SUSPENDED
  //                                        --body returns-->   FINISHED
  //                                        --body throws-->    FAILED
  //                                        --body is closed--> CLOSED
  //   SUSPENDED, not started --close--> RUNNING --> CLOSED
  //
  // The change to RUNNING locks all fields below, the change from RUNNING unlocks them.

  private final boolean movable;

  private volatile State state = State.SUSPENDED;

  private @Nullable Thread home;
  private @Nullable Body<I, O> unstarted;
  private @Nullable CoroutineStack stack;
  private @Nullable Object transfer;

  /** The state after RUNNING. */
  private State next = State.SUSPENDED;

  private @Nullable CloseSignal closing;
  private @Nullable Throwable failure;
  private @Nullable O result;

  Coroutine(CoroutineImplementation kind, boolean movable, Body<I, O> body) {
    if (movable && !kind.canMove()) {
      throw new IllegalArgumentException(kind + " cannot move");
    }
    this.movable = movable;
    this.unstarted = Objects.requireNonNull(body, "body");
    this.stack = kind.newStack(() -> live(body));
  }

  /** Creates a coroutine that stays with the thread that first resumes it. */
  public static <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> of(
      Body<I, O> body) {
    return new Coroutine<>(CoroutineImplementation.chosen(), false, body);
  }

  /**
   * Creates a coroutine that different threads may resume, one at a time. Its body runs on its own
   * virtual thread, so it costs somewhat more time and memory than a coroutine of {@link #of}.
   */
  public static <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> movable(
      Body<I, O> body) {
    return new Coroutine<>(CoroutineImplementation.chosenForMoving(), true, body);
  }

  /**
   * Runs the body until it suspends or ends.
   *
   * <p>If the body throws, the coroutine has {@linkplain State#FAILED failed}, and this method
   * throws the exception: an unchecked exception or error as it is, a checked exception as the
   * cause of a {@link CoroutineFailedException}.
   *
   * @param value the first time the argument of the body, later the return value of its {@link
   *     #suspend}
   * @return the value with which the body suspended, or which it returned; {@link #state} is then
   *     {@link State#FINISHED}
   * @throws IllegalStateException if the coroutine has ended, is running, or may be resumed by
   *     another thread only; its state does not change
   */
  public O resume(I value) {
    lock("resume");
    O out = cast(run(value));
    rethrowFailure();
    return out;
  }

  /**
   * Stops the body until it is resumed. Only the body of this coroutine may call this method.
   *
   * @param value the value that {@link #resume} returns
   * @return the value that the next {@link #resume} passes
   * @throws IllegalStateException if the caller is not this coroutine's body, if the coroutine is
   *     being closed, or if a native method or a class initializer is on the stack between the body
   *     and this call; the body continues
   */
  public I suspend(O value) {
    CoroutineStack own = stack;
    if (own == null || !own.isCurrent()) {
      throw new IllegalStateException(
          "suspend() may only be called by the coroutine's own body, not from outside, from"
              + " another thread or from a coroutine that the body resumed");
    }
    if (closing != null) {
      throw new IllegalStateException("a coroutine that is being closed cannot suspend");
    }
    transfer = value;
    own.unmount();
    if (closing != null) {
      throw closing;
    }
    return cast(transfer);
  }

  /** The current state. While another thread runs the coroutine it may change at any time. */
  public State state() {
    return state;
  }

  /**
   * Returns the value that the body returned.
   *
   * @throws IllegalStateException unless the state is {@link State#FINISHED}
   */
  public O result() {
    State now = state;
    if (now != State.FINISHED) {
      throw new IllegalStateException("the coroutine has no result: it is " + now);
    }
    return cast(result);
  }

  /**
   * The exception of the body, as it was thrown, if the state is {@link State#FAILED}; else null.
   */
  public @Nullable Throwable failure() {
    return state == State.FAILED ? failure : null;
  }

  /**
   * Ends the coroutine. If its body is suspended, {@link #suspend} throws an error there, so that
   * the finally blocks of the body run before this method returns. They cannot suspend. A coroutine
   * that has not started never starts. If the coroutine has ended, nothing happens.
   *
   * <p>If a finally block or the closing of a resource throws, this method throws that exception,
   * as {@link #resume} does.
   *
   * @throws IllegalStateException if the coroutine is running, or may be closed by another thread
   *     only
   */
  @Override
  public void close() {
    State now = state;
    if (now != State.SUSPENDED && now != State.RUNNING) {
      return;
    }
    lock("close");
    if (unstarted != null) {
      next = State.CLOSED;
      unlock();
    } else {
      closing = new CloseSignal();
      run(null);
      rethrowFailure();
    }
  }

  @Override
  public String toString() {
    return "Coroutine[" + state + "]";
  }

  // ---- the resuming thread ----

  private void lock(String what) {
    if (!STATE.compareAndSet(this, State.SUSPENDED, State.RUNNING)) {
      throw new IllegalStateException("cannot " + what + " a coroutine that is " + state);
    }
    if (!movable) {
      Thread caller = Thread.currentThread();
      if (home == null) {
        home = caller;
      } else if (home != caller) {
        Thread owner = home;
        unlock();
        throw new IllegalStateException(
            "cannot "
                + what
                + ": the coroutine stays with "
                + owner
                + ", which first resumed it; create it with movable() to let it change threads");
      }
    }
  }

  private @Nullable Object run(@Nullable Object in) {
    CoroutineStack own = stack;
    if (own == null) {
      throw new AssertionError("a suspended coroutine has a stack");
    }
    transfer = in;
    try {
      own.mount();
      return transfer;
    } finally {
      transfer = null;
      unlock();
    }
  }

  private void unlock() {
    if (next != State.SUSPENDED) {
      unstarted = null;
      stack = null;
      home = null;
      closing = null;
    }
    STATE.setRelease(this, next);
  }

  private void rethrowFailure() {
    switch (failure) {
      case null -> {}
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      case Throwable checked -> throw new CoroutineFailedException(checked);
    }
  }

  // ---- the body ----

  private void live(Body<I, O> body) {
    unstarted = null;
    try {
      result = body.run(this, cast(transfer));
      transfer = result;
      next = closing == null ? State.FINISHED : State.CLOSED;
    } catch (Throwable thrown) {
      transfer = null;
      failure = thrown == closing ? closing.failure() : thrown;
      next = failure == null ? State.CLOSED : State.FAILED;
    }
  }

  /** Values have the types of the signatures, and are null only where those allow it. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
  private static <T extends @Nullable Object> T cast(@Nullable Object value) {
    return (T) value;
  }
}
