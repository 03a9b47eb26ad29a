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
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.uring.UringBackend;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Selects the backend of this process on first use and keeps it. Any thread. */
public final class Backends {
  /** System property that names the backend; without it the first that works is used. */
  public static final String PROPERTY = "goasync.backend";

  /**
   * The selected backend.
   *
   * @param passedOver the reasons why the preferred backends cannot be used
   */
  record Choice(Backend backend, List<String> passedOver) {
    String describe() {
      StringBuilder text = new StringBuilder(backend.describe());
      passedOver.forEach(why -> text.append("\n  since ").append(why));
      return text.toString();
    }
  }

  /** A backend and its probe, which throws if the backend does not work on this machine. */
  private record Candidate(String name, Supplier<Backend> probe) {}

  /** In order of preference. */
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
   * The backend of this process.
   *
   * @throws UnsupportedOperationException if no backend works; the message has the reasons and
   *     cures
   * @throws IllegalArgumentException if {@link #PROPERTY} names an unknown backend
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

  /** Tries the candidates in order, or only the one of that name. */
  static Choice choose(@Nullable String wanted) {
    if (wanted != null && CANDIDATES.stream().noneMatch(c -> c.name.equals(wanted))) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + "=" + wanted + " is not a backend; use one of " + names());
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
        "no I/O backend works on this machine: " + String.join("; ", reasons), last);
  }

  private static String names() {
    return CANDIDATES.stream().map(Candidate::name).collect(Collectors.joining(", "));
  }

  /** One line about the backend, and one for each preferred backend with the reason. */
  public static String describe() {
    try {
      return choice().describe();
    } catch (UnsupportedOperationException | IllegalArgumentException none) {
      return String.valueOf(none.getMessage());
    }
  }

  /** A factory that selects the backend when a loop first opens its poller. */
  public static PollerFactory lazyPollerFactory() {
    return LAZY;
  }

  /** Wraps a channel that another library owns, to wait for its readiness on any backend. */
  public static Pollable.Handle pollable(SelectableChannel channel) throws IOException {
    return new NioPollable(channel);
  }

  /** The platform for the caller's resources: its loop's own backend, otherwise the process's. */
  public static Platform platform() {
    Backend own = ownOfCaller();
    return own != null ? own.platform() : selected().platform();
  }

  /** The path by which {@code Files} reaches what the caller means by {@code path}. */
  public static Path locate(Path path) {
    Backend own = ownOfCaller();
    return own != null ? own.locate(path) : path;
  }

  /** Whether the caller is a coroutine of a simulation. */
  public static boolean isCallerSimulated() {
    Backend own = ownOfCaller();
    return own != null && own.isSimulated();
  }

  /** The backend of the caller's loop alone, such as that of a simulation; null if it has none. */
  public static @Nullable Backend ownOfCaller() {
    Fiber fiber = Fiber.currentIncludingSync();
    return fiber != null && fiber.loop().pollerFactory() instanceof Backend own ? own : null;
  }
}
