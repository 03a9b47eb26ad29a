package dev.goasync.internal.util;

import java.lang.ref.Cleaner;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Closes a descriptor or channel whose owner was garbage collected without a close, and logs a
 * warning. With {@code -Dgoasync.trace=true}, or with a limit of growth, the warning has the stack
 * of the opening. Any thread.
 */
public final class UnclosedResource {
  /** Closes the resource. Must not refer to the owner, which would stay reachable then. */
  @FunctionalInterface
  public interface Closing {
    /** Called on the cleaner's thread. */
    void close() throws Exception;
  }

  /** A program that leaks each connection must still have a readable log. */
  private static final int MAX_WARNINGS = 20;

  /** How many times in a row the number of open resources may rise before that is logged. */
  public static final String GROWTH_PROPERTY = "goasync.growthLimit";

  private static final boolean TRACE =
      Boolean.getBoolean("goasync.trace") || System.getProperty(GROWTH_PROPERTY) != null;
  private static final AtomicInteger WARNINGS = new AtomicInteger();

  /** The resources that are open; empty unless their openings are traced. */
  private static final Set<Leak> OPEN = ConcurrentHashMap.newKeySet();

  private final Leak leak;
  private final Cleaner.Cleanable cleanable;

  private UnclosedResource(Object owner, Leak leak) {
    this.leak = leak;
    this.cleanable = SharedCleaner.register(owner, leak);
  }

  /**
   * Watches a resource until {@link #closed}.
   *
   * @param name the path or address, for the message; must not refer to the owner
   */
  public static UnclosedResource watch(Object owner, Object name, Closing closing) {
    return new UnclosedResource(
        owner, new Leak(name, closing, TRACE ? new Throwable("it was opened here") : null));
  }

  /** Ends this watch, and watches the resource as a part of another owner. */
  public UnclosedResource moveTo(Object owner, Closing closing) {
    UnclosedResource moved =
        new UnclosedResource(owner, new Leak(leak.name, closing, leak.opening));
    closed();
    return moved;
  }

  /** A resource that is open, and where it was opened. */
  public record Open(String name, List<StackTraceElement> opening) {}

  /** How many resources are open; 0 unless their openings are traced. */
  public static int count() {
    return OPEN.size();
  }

  /** The resources that are open; empty unless their openings are traced. */
  public static List<Open> open() {
    return OPEN.stream()
        .map(leak ->
            new Open(
                leak.name.toString(),
                List.of(Objects.requireNonNull(leak.opening).getStackTrace())))
        .toList();
  }

  /** The owner has closed the resource, or will: ends the watch. */
  public void closed() {
    leak.closed = true;
    cleanable.clean();
  }

  private static final class Leak implements Runnable {
    private final Object name;
    private final Closing closing;
    private final @Nullable Throwable opening;
    private volatile boolean closed;

    Leak(Object name, Closing closing, @Nullable Throwable opening) {
      this.name = name;
      this.closing = closing;
      this.opening = opening;
      if (TRACE) {
        OPEN.add(this);
      }
    }

    /** Called once: by {@link #closed}, or by the cleaner when the owner is unreachable. */
    @Override
    public void run() {
      if (TRACE) {
        OPEN.remove(this);
      }
      if (closed) {
        return;
      }
      try {
        closing.close();
      } catch (Exception closeFailed) {
        Log.warning("closing " + name + " failed after it had become unreachable", closeFailed);
      }
      warn();
    }

    private void warn() {
      int count = WARNINGS.incrementAndGet();
      if (count <= MAX_WARNINGS) {
        String last = count == MAX_WARNINGS ? ". Further ones are not logged" : "";
        String hint = TRACE ? "" : "; -Dgoasync.trace=true shows where it was opened";
        Log.warning(
            name + " was never closed: it became unreachable and was closed now" + hint + last,
            opening);
      }
    }
  }
}
