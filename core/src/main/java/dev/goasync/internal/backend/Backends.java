package dev.goasync.internal.backend;

import dev.goasync.internal.epoll.EpollBackend;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.PollerFactory;
import dev.goasync.internal.loop.StartupWarmup;
import dev.goasync.internal.nio.NioBackend;
import dev.goasync.internal.nio.io.NioPollable;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.platform.Platform;
import dev.goasync.internal.platform.PollableHandle;
import dev.goasync.internal.uring.UringBackend;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The process's backend, chosen when first needed and then kept. Any thread. */
public final class Backends {
  /** Names the backend to use; without it, the first that works. */
  public static final String PROPERTY = "goasync.backend";

  /**
   * What was chosen.
   *
   * @param passedOver why the better ones cannot be used
   */
  record Choice(Backend backend, List<String> passedOver) {
    String describe() {
      StringBuilder text = new StringBuilder(backend.describe());
      passedOver.forEach(why -> text.append("\n  since ").append(why));
      return text.toString();
    }
  }

  /** A backend that may work here; {@code probe} throws if not. */
  private record Candidate(String name, Supplier<Backend> probe) {}

  /** Best first. */
  private static final List<Candidate> CANDIDATES =
      List.of(
          new Candidate("uring", UringBackend::probe),
          new Candidate("epoll", EpollBackend::probe),
          new Candidate("nio", NioBackend::probe));

  private static final PollerFactory LAZY =
      new PollerFactory() {
        @Override
        public Poller open(Loop loop) throws IOException {
          return selected().open(loop);
        }
      };

  private static volatile @Nullable Choice selected;

  private Backends() {}

  /**
   * The backend.
   *
   * @throws UnsupportedOperationException if none works, with the reasons and what to do
   * @throws IllegalArgumentException if {@link #PROPERTY} names none that is known
   */
  public static Backend selected() {
    return choice().backend;
  }

  private static Choice choice() {
    Choice known = selected;
    return known != null ? known : select();
  }

  private static synchronized Choice select() {
    Choice known = selected;
    if (known == null) {
      StartupWarmup.begin();
      known = choose(System.getProperty(PROPERTY));
      selected = known;
    }
    return known;
  }

  /** Tries the candidates, or only the one of that name. */
  static Choice choose(@Nullable String wanted) {
    if (wanted != null && CANDIDATES.stream().noneMatch(c -> c.name.equals(wanted))) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + "=" + wanted + " names no backend; known are: " + names());
    }
    List<String> reasons = new ArrayList<>();
    UnsupportedOperationException last = null;
    for (Candidate candidate : CANDIDATES) {
      if (wanted == null || candidate.name.equals(wanted)) {
        try {
          return new Choice(candidate.probe.get(), List.copyOf(reasons));
        } catch (UnsupportedOperationException reason) {
          reasons.add(String.valueOf(reason.getMessage()));
          last = reason;
        }
      }
    }
    throw new UnsupportedOperationException(
        "no way to do I/O here: " + String.join("; ", reasons), last);
  }

  private static String names() {
    return CANDIDATES.stream().map(Candidate::name).collect(Collectors.joining(", "));
  }

  /** The backend in a line, and one each for why a better one was passed over. */
  public static String describe() {
    try {
      return choice().describe();
    } catch (UnsupportedOperationException | IllegalArgumentException none) {
      return String.valueOf(none.getMessage());
    }
  }

  /** For a loop that may never need I/O: selects when the loop opens its poller. */
  public static PollerFactory lazyPollerFactory() {
    return LAZY;
  }

  /** A channel of somebody else's, to wait for on whatever backend. */
  public static PollableHandle pollable(SelectableChannel channel) throws IOException {
    return new NioPollable(channel);
  }

  /** What the caller's resources are opened with: its loop's own backend, else the process's. */
  public static Platform platform() {
    Fiber fiber = Fiber.currentIncludingSync();
    return fiber != null && fiber.loop().pollerFactory() instanceof Backend own
        ? own.platform()
        : selected().platform();
  }
}
