package dev.goasync.internal.linux.io;

/**
 * A loop's taking of what comes to a descriptor, also while nobody asks for it: what comes is kept
 * until somebody does. Once it has ended it never begins again, and what it has kept is taken
 * first.
 */
public interface Prefetch {
  /**
   * After so many uses in a row that would have gained by it, there is one. Fewer are for tests:
   * what is used once or twice would be armed in vain.
   */
  int ARM_THRESHOLD = Integer.getInteger("goasync.uring.usesBeforeMultishot", 2);

  /** In place of a result: it has ended and has nothing left; the caller is to do it by itself. */
  int EXHAUSTED = Integer.MIN_VALUE + 1;

  /** How much is kept; to be asked by the loop's coroutines, or after {@link #end}. */
  int kept();

  /**
   * Whether something is kept, or what ends it all is known: who takes need not wait. To be asked
   * as {@link #kept}.
   */
  boolean isReady();

  /**
   * Ends it and waits until the kernel does nothing for it any more, which is soon; who waits in it
   * goes on by itself. Any caller; not cancellable.
   */
  void end();

  /**
   * Like {@link #end}, but who waits in it fails, as the descriptor is being closed, and what is
   * kept is dropped. A thread waits a while only, as the loop may be blocked.
   */
  void endForClose();
}
