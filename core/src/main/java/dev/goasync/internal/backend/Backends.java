package dev.goasync.internal.backend;

import dev.goasync.internal.epoll.EpollBackend;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.PollerFactory;
import dev.goasync.internal.loop.Rehearsal;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.platform.Platform;
import dev.goasync.internal.uring.UringBackend;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The process's backend, chosen when first needed and then kept. Any thread. */
public final class Backends {
  /** Names the backend to use; without it, the first that works. */
  public static final String PROPERTY = "goasync.backend";

  /** A backend that may work here; {@code probe} throws if not. */
  private record Candidate(String name, Supplier<Backend> probe) {}

  /** Best first. */
  private static final List<Candidate> CANDIDATES =
      List.of(
          new Candidate("uring", UringBackend::probe), new Candidate("epoll", EpollBackend::probe));

  private static final PollerFactory LAZY =
      new PollerFactory() {
        @Override
        public Poller open(Loop loop) throws IOException {
          return selected().open(loop);
        }
      };

  private static volatile @Nullable Backend selected;

  private Backends() {}

  /**
   * The backend.
   *
   * @throws UnsupportedOperationException if none works, with the reasons and what to do
   * @throws IllegalArgumentException if {@link #PROPERTY} names none that is known
   */
  public static Backend selected() {
    Backend known = selected;
    return known != null ? known : select();
  }

  private static synchronized Backend select() {
    Backend known = selected;
    if (known == null) {
      Rehearsal.begin();
      known = choose(System.getProperty(PROPERTY));
      selected = known;
    }
    return known;
  }

  /** Tries the candidates, or only the one of that name. */
  static Backend choose(@Nullable String wanted) {
    if (wanted != null && CANDIDATES.stream().noneMatch(c -> c.name.equals(wanted))) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + "=" + wanted + " names no backend; known are: " + names());
    }
    StringBuilder reasons = new StringBuilder();
    UnsupportedOperationException last = null;
    for (Candidate candidate : CANDIDATES) {
      if (wanted == null || candidate.name.equals(wanted)) {
        try {
          return candidate.probe.get();
        } catch (UnsupportedOperationException reason) {
          reasons.append(reasons.isEmpty() ? "" : "; ").append(reason.getMessage());
          last = reason;
        }
      }
    }
    throw new UnsupportedOperationException("no way to do I/O here: " + reasons, last);
  }

  private static String names() {
    return CANDIDATES.stream().map(Candidate::name).collect(Collectors.joining(", "));
  }

  /** The backend in a line, or why there is none. */
  public static String describe() {
    try {
      return selected().describe();
    } catch (UnsupportedOperationException | IllegalArgumentException none) {
      return String.valueOf(none.getMessage());
    }
  }

  /** For a loop that may never need I/O: selects when the loop opens its poller. */
  public static PollerFactory lazyPollerFactory() {
    return LAZY;
  }

  /** What the caller's resources are opened with: its loop's own backend, else the process's. */
  public static Platform platform() {
    Fiber fiber = Fiber.currentEvenInSync();
    return fiber != null && fiber.loop().pollerFactory() instanceof Backend own
        ? own.platform()
        : selected().platform();
  }
}
