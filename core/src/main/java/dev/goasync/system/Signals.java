package dev.goasync.system;

import dev.goasync.Action;
import dev.goasync.GoAsync;
import dev.goasync.Task;
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
 * Listening for signals.
 *
 * <pre>{@code
 * public static void main(String[] args) throws Exception {
 *   Signals.runMain(() -> serve());       // Ctrl-C cancels it, so that it cleans up; twice ends it
 * }
 *
 * Signals.await(Signal.TERM);             // pauses a coroutine, blocks a thread
 * try (SignalStream resized = Signals.listen(Signal.WINCH)) { ... }
 * }</pre>
 *
 * <p>From the first listener for a signal to the last, the signal does not do what it does by
 * default; before and after, it does. The JVM tells us of signals on a thread of its own; so the
 * loop need not be idle, nor even go on, for a second Ctrl-C to be seen.
 *
 * <p>The JVM keeps some signals ({@link Signal} says which), and with its option {@code -Xrs} also
 * {@link Signal#HUP}, {@link Signal#INT} and {@link Signal#TERM}. Those three, if the program was
 * started with them ignored, as by {@code nohup}, stay ignored.
 *
 * <p>All methods may be called from any thread or coroutine.
 */
public final class Signals {
  /** What a shell adds to a signal's number for the status of a program that it has ended. */
  private static final int STATUS_OF_SIGNALS = 128;

  private static final List<Signal> THAT_END = List.of(Signal.INT, Signal.TERM, Signal.HUP);

  private Signals() {}

  /**
   * Listens for signals from now on.
   *
   * @throws UnsupportedOperationException if one of them does not exist here or is kept by the JVM
   *     or the system; says why
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
   * Waits for the first of these signals to come, from now on.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws UnsupportedOperationException as {@link #listen} does
   */
  public static Signal await(Signal first, Signal... more) {
    try (SignalStream stream = listen(first, more)) {
      return stream.take();
    }
  }

  /**
   * Runs a program's {@code main}: {@code body} in a coroutine, for which the caller waits, and
   * which {@link Signal#INT}, {@link Signal#TERM} and {@link Signal#HUP} cancel. So all that waits
   * in it, and in scopes that it has opened, ends with a {@link CancellationException}, and cleans
   * up. A second signal ends the program at once.
   *
   * <p>When the body has ended by being cancelled so, the program exits, as by {@link System#exit},
   * with the status that shells give programs which a signal has ended: 130 for {@code INT}. If the
   * body ends in another way, so does this method. With the JVM's option {@code -Xrs} the body just
   * runs.
   *
   * @throws X what the body throws
   */
  public static <X extends Exception> void runMain(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    CompletableFuture<Task<?>> started = new CompletableFuture<>();
    AtomicReference<@Nullable Signal> cause = new AtomicReference<>();
    Consumer<Signal> listener =
        signal -> {
          if (cause.compareAndSet(null, signal)) {
            var _ = started.thenAccept(main -> main.cancel(signal + " came"));
          } else {
            Runtime.getRuntime().halt(statusOf(signal));
          }
        };
    List<Signal> heard = addAsFarAsPossible(listener);
    try {
      Task<?> main = GoAsync.goAsync("main", body);
      started.complete(main);
      try {
        awaitMain(main);
      } finally {
        Signal came = cause.get();
        if (came != null && main.isCancelled()) {
          System.exit(statusOf(came)); // a second one still halts it
        }
      }
    } finally {
      Listeners.remove(heard, listener);
    }
  }

  private static int statusOf(Signal signal) {
    return STATUS_OF_SIGNALS + Listeners.number(signal);
  }

  private static List<Signal> addAsFarAsPossible(Consumer<Signal> listener) {
    List<Signal> heard = new ArrayList<>();
    for (Signal signal : THAT_END) {
      try {
        Listeners.add(List.of(signal), listener);
        heard.add(signal);
      } catch (UnsupportedOperationException notHere) {
        // then it ends the program, or there is none
      }
    }
    return heard;
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
