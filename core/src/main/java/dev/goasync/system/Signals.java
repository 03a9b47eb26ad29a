package dev.goasync.system;

import dev.goasync.Action;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.internal.backend.Backends;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens for Unix signals, and ends a program cleanly at Ctrl-C.
 *
 * <pre>{@code
 * // in main: Ctrl-C cancels the body, so that it cleans up; a second Ctrl-C ends the program
 * Signals.runMain(() -> GoAsync.sleep(Duration.ofHours(1)));
 *
 * Signals.await(Signal.TERM);             // suspends a coroutine, blocks a thread
 *
 * try (SignalStream resized = Signals.listen(Signal.WINCH)) {
 *   Signal signal = resized.take();
 * }
 * }</pre>
 *
 * <p>While a signal has a listener, its default action is suppressed; afterwards the default action
 * is restored. The JVM delivers signals on a thread of its own, so a second Ctrl-C works even if
 * the loop is busy or blocked.
 *
 * <p>The JVM reserves some signals ({@link Signal} lists them), and with its option {@code -Xrs}
 * also {@link Signal#HUP}, {@link Signal#INT} and {@link Signal#TERM}. If the program was started
 * with one of these three ignored, as by {@code nohup} or in the background of a shell script, that
 * signal stays ignored.
 *
 * <p>Any thread or coroutine may call all methods.
 */
public final class Signals {
  /** Shells report 128 plus the signal's number as exit code of a program that a signal ended. */
  private static final int SIGNAL_EXIT_CODE_BASE = 128;

  private static final List<Signal> TERMINATING = List.of(Signal.INT, Signal.TERM, Signal.HUP);

  private Signals() {}

  /**
   * Starts to listen for signals.
   *
   * @throws UnsupportedOperationException if this system lacks one of the signals, or the JVM or
   *     the system reserves it; the message gives the reason
   */
  public static SignalStream listen(Signal first, Signal... more) {
    return new SignalStream(setOf(first, more));
  }

  private static Set<Signal> setOf(Signal first, Signal... more) {
    EnumSet<Signal> all = EnumSet.of(Objects.requireNonNull(first, "first"));
    for (Signal each : more) {
      all.add(Objects.requireNonNull(each, "more"));
    }
    return Collections.unmodifiableSet(all);
  }

  /**
   * Waits until one of the given signals arrives, and returns it. A signal that arrived before the
   * call does not count.
   *
   * @throws CancellationException if the coroutine is cancelled or the thread interrupted first
   * @throws UnsupportedOperationException as {@link #listen} does
   */
  public static Signal await(Signal first, Signal... more) {
    try (SignalStream stream = listen(first, more)) {
      return stream.take();
    }
  }

  /**
   * Runs the body of a program's {@code main} in a coroutine and waits for it. {@link Signal#INT},
   * {@link Signal#TERM} or {@link Signal#HUP} cancels the coroutine: all waits in the body, and in
   * scopes that it has opened, throw {@link CancellationException}, so that the program cleans up.
   * A second signal halts the JVM at once.
   *
   * <p>If the cancel ended the body, the program exits by {@link System#exit} with the exit code
   * that shells use: 128 plus the signal's number, 130 for {@code INT}. If the body returns or
   * throws another exception, so does this method. With the JVM's option {@code -Xrs} no signal is
   * handled. In a simulation the body runs in the current coroutine, which a shutdown of its host
   * cancels.
   *
   * @throws X what the body throws
   */
  public static <X extends Exception> void runMain(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    if (Backends.isCallerSimulated()) {
      body.run();
      return;
    }
    CompletableFuture<Task<?>> started = new CompletableFuture<>();
    AtomicReference<@Nullable Signal> cause = new AtomicReference<>();
    Consumer<Signal> listener =
        signal -> {
          if (cause.compareAndSet(null, signal)) {
            var _ = started.thenAccept(main -> main.cancel(signal + " received"));
          } else {
            Runtime.getRuntime().halt(exitCodeOf(signal));
          }
        };
    List<Signal> handled = addListener(listener);
    try {
      Task<?> main = GoAsync.goAsync("main", body);
      started.complete(main);
      try {
        awaitMain(main);
      } finally {
        Signal received = cause.get();
        if (received != null && main.isCancelled()) {
          System.exit(exitCodeOf(received)); // a second signal halts the shutdown hooks too
        }
      }
    } finally {
      SignalListeners.remove(handled, listener);
    }
  }

  private static int exitCodeOf(Signal signal) {
    return SIGNAL_EXIT_CODE_BASE + signal.number();
  }

  /** Adds the listener for each terminating signal that is available, and returns these. */
  private static List<Signal> addListener(Consumer<Signal> listener) {
    List<Signal> handled = new ArrayList<>();
    for (Signal signal : TERMINATING) {
      try {
        SignalListeners.add(List.of(signal), listener);
        handled.add(signal);
      } catch (UnsupportedOperationException notAvailable) {
        // the signal keeps its default action, or does not exist on this system
      }
    }
    return handled;
  }

  @SuppressWarnings("unchecked") // the body throws X or unchecked
  private static <X extends Exception> void awaitMain(Task<?> main) throws X {
    try {
      main.await();
    } catch (RuntimeException failed) {
      if (main.failure() instanceof Exception thrown) {
        throw (X) thrown;
      }
      throw failed;
    }
  }
}
