package dev.goasync.interop;

import dev.goasync.Action;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs the exchange of a library in many coroutines, and cancels one exchange in the middle. */
public final class Rounds {
  /** The number of concurrent coroutines of a round. */
  public static final int USERS = 24;

  private Rounds() {}

  /**
   * Runs three rounds of {@code exchange}: while {@code unanswered} waits for its server, while it
   * is cancelled, and after it has ended.
   *
   * @param exchange asks a server something and checks the answer to its number
   * @param unanswered waits for an answer that does not arrive
   * @return the exception with which the cancelled exchange ended
   */
  public static Throwable withCut(OneLoop.Numbered<?> exchange, Action<?> unanswered) {
    return withCut(USERS, exchange, unanswered);
  }

  /** The same with another number of coroutines than {@link #USERS}. */
  public static Throwable withCut(int users, OneLoop.Numbered<?> exchange, Action<?> unanswered) {
    Task<?> cut = GoAsync.goAsync(unanswered);
    GoAsync.awaitAll(OneLoop.start(users, exchange));
    if (cut.isCompleted()) {
      throw new AssertionError("the exchange ended before its cancel", cut.failure());
    }
    List<Task<?>> beside = new ArrayList<>(OneLoop.start(users, exchange));
    GoAsync.yield();
    cut.cancel();
    GoAsync.awaitAll(beside);
    while (!cut.isCompleted()) {
      GoAsync.yield();
    }
    GoAsync.awaitAll(OneLoop.start(users, exchange));
    return Objects.requireNonNull(cut.failure(), "the cancelled exchange has returned");
  }
}
