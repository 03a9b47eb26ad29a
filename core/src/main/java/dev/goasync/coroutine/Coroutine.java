package dev.goasync.coroutine;

import dev.goasync.internal.vthread.CoroutineImplementation;
import dev.goasync.internal.vthread.CoroutineStack;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A computation with a stack of its own, that runs when it is resumed and stops where it suspends,
 * each time passing a value: {@code I} goes in, {@code O} comes out.
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
 * <p>Nothing runs before the first {@link #resume}. A body may suspend from any depth of calls; how
 * deep is bounded by the stack of the thread that resumes it. It may resume other coroutines, but
 * not suspend for them.
 *
 * <p><b>Threads.</b> A coroutine may be created by one thread and resumed by another, platform or
 * virtual, inside {@code goAsync} or not. One made by {@link #of} then stays with the thread that
 * first resumed it. One made by {@link #movable} may be resumed by different threads, one after the
 * other; each sees what the others wrote before. {@link #state} and its like may be asked by any
 * thread.
 *
 * <p><b>The end.</b> {@link #close} a coroutine that may not run to its end, so that its finally
 * blocks run. What becomes of one that is just dropped, and what else depends on the JVM's options,
 * is in the table of the package's description.
 *
 * @param <I> what is passed in
 * @param <O> what is passed out
 */
public final class Coroutine<I extends @Nullable Object, O extends @Nullable Object>
    implements AutoCloseable {
  /**
   * What a coroutine does.
   *
   * @param <I> what is passed in
   * @param <O> what is passed out
   */
  @FunctionalInterface
  public interface Body<I extends @Nullable Object, O extends @Nullable Object> {
    /**
     * Runs on the coroutine's stack.
     *
     * @param self the coroutine, to suspend
     * @param first what the first {@link Coroutine#resume} passed
     * @return what the last {@link Coroutine#resume} shall return
     * @throws Exception to fail; see {@link Coroutine#resume}
     */
    O run(Coroutine<I, O> self, I first) throws Exception;
  }

  /** Where a coroutine is in its life. */
  public enum State {
    /** Not started, or stopped in {@link Coroutine#suspend}. */
    SUSPENDED,
    /** Resumed and not yet back, be it because it has resumed another one or is paused. */
    RUNNING,
    /** The body has returned. */
    FINISHED,
    /** The body has thrown. */
    FAILED,
    /** Closed before its end. */
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

  private final boolean movable;

  /** The change to RUNNING is a lock on all fields below; the change from it is the unlock. */
  private volatile State state = State.SUSPENDED;

  private @Nullable Thread home;
  private @Nullable Body<I, O> unstarted;
  private @Nullable CoroutineStack stack;
  private @Nullable Object transfer;

  /** What the state will be when the body has let go. */
  private State next = State.SUSPENDED;

  private @Nullable CloseSignal closing;
  private @Nullable Throwable failure;
  private @Nullable O result;

  Coroutine(CoroutineImplementation kind, boolean movable, Body<I, O> body) {
    if (movable && !kind.canMove()) {
      throw new IllegalArgumentException(kind + " cannot move");
    }
    this.movable = movable;
    this.unstarted = body;
    this.stack = kind.newStack(() -> live(body));
  }

  /** A coroutine that will stay with the thread that first resumes it. */
  public static <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> of(
      Body<I, O> body) {
    return new Coroutine<>(CoroutineImplementation.chosen(), false, body);
  }

  /**
   * A coroutine that different threads may resume, one after the other. Its body runs on a virtual
   * thread of its own, so it costs somewhat more time and memory than one made by {@link #of}.
   */
  public static <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> movable(
      Body<I, O> body) {
    return new Coroutine<>(CoroutineImplementation.chosenForMoving(), true, body);
  }

  /**
   * Runs the body until it suspends or ends.
   *
   * <p>An unchecked exception or error of the body comes out of here as it is; a checked one as the
   * cause of a {@link CoroutineFailedException}. The coroutine has then {@linkplain State#FAILED
   * failed}.
   *
   * @param value what the first time the body is called with, then its {@link #suspend} returns
   * @return what the body suspended with, or what it returned, in which case {@link #state} is
   *     {@link State#FINISHED}
   * @throws IllegalStateException if the coroutine has ended, is running, or belongs to another
   *     thread; its state does not change
   */
  public O resume(I value) {
    lock("resume");
    O out = cast(run(value));
    rethrowFailure();
    return out;
  }

  /**
   * Stops the body, which must be the caller, until it is resumed.
   *
   * @param value what {@link #resume} shall return
   * @return what the next {@link #resume} passes
   * @throws IllegalStateException if the caller is not this coroutine's body, if the coroutine is
   *     being closed, or if native code or a class initializer lies between the body and this call;
   *     the body just goes on
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

  /** Where the coroutine is in its life; a moment's value while another thread runs it. */
  public State state() {
    return state;
  }

  /**
   * What the body returned.
   *
   * @throws IllegalStateException unless the state is {@link State#FINISHED}
   */
  public O result() {
    State now = state;
    if (now != State.FINISHED) {
      throw new IllegalStateException("no result: the coroutine is " + now);
    }
    return cast(result);
  }

  /** What the body threw, itself, if the state is {@link State#FAILED}; else null. */
  public @Nullable Throwable failure() {
    return state == State.FAILED ? failure : null;
  }

  /**
   * Ends the coroutine. If it is suspended in its body, an unchecked signal is thrown there, so
   * that its finally blocks run before this method returns; they cannot suspend any more. Not
   * started, it never will be. If it has ended, nothing happens.
   *
   * <p>What the finally blocks or the closing of resources throws comes out of here as out of
   * {@link #resume}.
   *
   * @throws IllegalStateException if the coroutine is running, or belongs to another thread
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

  // ---- the side of who resumes ----

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
                + ": the coroutine belongs to "
                + owner
                + ", which first resumed it; make it by movable() to let it change threads");
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

  // ---- the body's side ----

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

  /** What was passed is what the types say, null where they say so. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
  private static <T extends @Nullable Object> T cast(@Nullable Object value) {
    return (T) value;
  }
}
