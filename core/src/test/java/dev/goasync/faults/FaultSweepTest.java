package dev.goasync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.EventLoop;
import dev.goasync.faults.FaultTable.Outcome;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Faults;
import dev.goasync.testkit.Fifo;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Makes the n-th call of each scenario fail, for every n and every fault: a fault that must surface
 * does so once, other faults are retried, and afterwards nothing is leaked and the loop still
 * works.
 */
@Tag("faults")
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class FaultSweepTest {
  @TempDir Path dir;

  /** The faults that were injected so far, and how many sweeps remain. */
  private static final Set<String> HITS = new HashSet<>();

  private static int toCome =
      Scenario.values().length * Caller.values().length * Fault.values().length;

  /** A fault that no scenario meets is not tested. */
  @AfterAll
  static void everyRowIsHit() {
    if (toCome == 0) { // otherwise only some of the sweeps were run
      Set<String> never = FaultTable.ofBackend(System.getProperty(Backends.PROPERTY, "uring"));
      never.removeAll(HITS);
      assertThat(never).as("rows that no scenario hits").isEmpty();
    }
  }

  static Stream<Arguments> sweep() {
    List<Arguments> all = new ArrayList<>();
    for (Scenario scenario : Scenario.values()) {
      for (Caller caller : Caller.values()) {
        for (Fault fault : Fault.values()) {
          all.add(Arguments.of(scenario, caller, fault));
        }
      }
    }
    return all.stream();
  }

  @BeforeEach
  void makePipe() throws Exception {
    Fifo.make(dir.resolve("fifo"));
    assertThat(Faults.ON).as("-D%s=true", Faults.PROPERTY).isTrue();
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource
  void sweep(Scenario scenario, Caller caller, Fault fault) throws Exception {
    inLoop(caller, () -> inContext(scenario, caller)); // creates what is created once per process
    String hit;
    int n = 0;
    do {
      OneFault plan = new OneFault(fault, n);
      List<String> before = held();
      try {
        inLoop(caller, () -> failing(scenario, caller, plan, fault));
      } catch (Throwable thrown) {
        throw new AssertionError("call " + n + ", " + plan.hit(), thrown);
      }
      hit = plan.hit();
      HITS.add(hit + " " + fault);
      assertThat(held()).as("held after call %d, %s", n, hit).isEqualTo(before);
      n++;
    } while (hit != null);
    toCome--;
  }

  private interface Body {
    void run() throws Exception;
  }

  /** Runs the body with a new loop on this thread if the caller is a coroutine. */
  private static void inLoop(Caller caller, Body body) throws Exception {
    if (caller == Caller.THREAD) {
      body.run();
      return;
    }
    try (EventLoop loop = EventLoop.onCurrentThread()) {
      assertThat(EventLoop.currentOrDefault()).isSameAs(loop);
      body.run();
      Loop inner = Objects.requireNonNull(Loop.ownedByCurrentThread());
      Poller poller = inner.openedPoller();
      assertThat(inner.fibers()).isEmpty();
      assertThat(inner.timersQueued()).isZero();
      assertThat(poller == null ? 0 : poller.inFlight()).isZero();
    }
  }

  private void inContext(Scenario scenario, Caller caller) throws Exception {
    if (caller == Caller.THREAD) {
      scenario.run(dir, caller);
    } else {
      Caller.finish(EventLoop.currentOrDefault().goAsync(() -> scenario.run(dir, caller)));
    }
  }

  private void failing(Scenario scenario, Caller caller, OneFault plan, Fault fault)
      throws Exception {
    Throwable thrown = null;
    Faults.setPlan(plan);
    try {
      inContext(scenario, caller);
    } catch (IOException | UnsupportedOperationException surfaced) {
      thrown = surfaced;
    } finally {
      Faults.setPlan(null);
    }
    check(thrown, plan.hit(), fault);
    inContext(scenario, caller);
  }

  private static void check(@Nullable Throwable thrown, @Nullable String hit, Fault fault) {
    Outcome expected =
        hit == null ? Outcome.HIDDEN : Objects.requireNonNull(FaultTable.outcome(hit, fault));
    if (thrown == null ? expected == Outcome.SURFACES : expected == Outcome.HIDDEN) {
      throw new AssertionError("expected: " + expected, thrown);
    }
    if (thrown != null) {
      assertThat(thrown)
          .hasMessageContaining(Errno.describe(fault.errno))
          .hasNoSuppressedExceptions();
    }
  }

  /** The descriptors and mapped rings of the process. */
  private static List<String> held() throws IOException {
    List<String> held = new ArrayList<>();
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : links.toList()) {
        String target = target(link);
        boolean kept = // by the JVM, or idle for later use
            target.startsWith("/proc/")
                || target.endsWith(".jar")
                || target.startsWith("pipe:")
                || target.endsWith("[eventfd]");
        if (!kept && !target.isEmpty()) {
          held.add(target.replaceAll("\\d+", "N"));
        }
      }
    }
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      maps.filter(line -> line.contains("[io_uring]")).forEach(_ -> held.add("mapped ring"));
    }
    held.sort(null);
    return held;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }
}
