package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.system.StandardStream;
import dev.goasync.testing.Host;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testkit.Modes;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The standard streams of simulated hosts. */
@SuppressWarnings("NullAway") // bodies without results
@Timeout(60)
final class SimulatedStandardStreamTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  @Test
  void aProgramReadsWhatTheTestWrites() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          Host shell =
              world.host(
                  "shell",
                  () -> {
                    String line;
                    while ((line = StandardStream.in().readLine()) != null) {
                      StandardStream.out().writeAll("done: " + line + "\n");
                    }
                    StandardStream.err().writeAll("end\n");
                  });
          Host other = world.host("other", () -> StandardStream.out().writeAll("other\n"));
          shell.writeStdin("one\nt");
          GoAsync.sleep(SECOND);
          assertEquals("done: one\n", shell.stdout());
          shell.writeStdin("wo\n");
          shell.endStdin();
          shell.endStdin();
          GoAsync.sleep(SECOND);
          assertEquals("done: one\ndone: two\n", shell.stdout());
          assertEquals("end\n", shell.stderr());
          assertEquals("other\n", other.stdout());
          assertEquals("", world.testHost().stdout());
          assertThat(assertThrows(IllegalStateException.class, () -> shell.writeStdin("x")))
              .hasMessage("the standard input of shell has ended");
        });
  }

  @Test
  void aTimeLimitAndACancelLoseNothing() throws Exception {
    Simulation.with()
        .run(world -> {
          StandardStream in = StandardStream.in();
          assertThrows(
              DeadlineExceededException.class,
              () -> GoAsync.withTimeout(SECOND, () -> in.readLine()));
          assertThat(in.readable().isReady()).isFalse();
          Task<String> reader = GoAsync.goAsync(() -> in.readLine());
          GoAsync.sleep(SECOND);
          reader.cancel();
          GoAsync.sleep(SECOND);
          world.testHost().writeStdin("late\n");
          in.readable().await();
          assertEquals("late", in.readLine());
          assertThat(StandardStream.out().writable().isReady()).isTrue();
        });
  }

  @Test
  void eachStreamHasItsDirection() throws Exception {
    Simulation.with()
        .run(_ -> {
          assertThrows(NonWritableChannelException.class, () -> StandardStream.in().writeAll("x"));
          assertThrows(NonReadableChannelException.class, () -> StandardStream.out().readLine());
        });
  }

  @Test
  void aCloseEndsTheUseByThisLifeOnly() throws Exception {
    List<Object> seen = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          Host host =
              world.host(
                  "shell",
                  () -> {
                    StandardStream in = StandardStream.in();
                    Task<String> reader = GoAsync.goAsync(() -> in.readLine());
                    GoAsync.sleep(SECOND);
                    in.close();
                    seen.add(assertThrows(Exception.class, reader::await).getCause().getClass());
                    seen.add(assertThrows(Exception.class, () -> in.readLine()).getClass());
                    seen.add(StandardStream.in());
                  });
          GoAsync.sleep(SECOND.multipliedBy(2));
          host.crash();
          host.restart();
          GoAsync.sleep(SECOND.multipliedBy(2));
        });
    assertThat(seen).hasSize(6).contains(AsynchronousCloseException.class);
    assertEquals(ClosedChannelException.class, seen.get(1));
    assertThat(seen.get(2)).isNotSameAs(seen.get(5));
  }

  @Test
  void aCrashDuringAReadLeavesTheInput() throws Exception {
    List<String> lines = new ArrayList<>();
    Simulation.with()
        .seeds(10)
        .run(world -> {
          Host host =
              world.host(
                  "shell",
                  () -> {
                    StandardStream.out().writeAll("up\n");
                    lines.add(StandardStream.in().readLine());
                  });
          GoAsync.sleep(SECOND);
          host.crash();
          host.writeStdin("for the second\n");
          GoAsync.sleep(SECOND);
          host.restart();
          GoAsync.sleep(SECOND);
          assertEquals("up\nup\n", host.stdout());
        });
    assertThat(lines).hasSize(10).containsOnly("for the second");
  }

  @Test
  void aProgramThatReadsForEverIsADeadlock() {
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () -> Simulation.with().run(_ -> StandardStream.in().readLine()));
    assertThat(failure)
        .hasMessageContaining("deadlock")
        .hasMessageContaining("bytes from standard input");
  }

  @Test
  void aSeedRepeatsTheTrace() throws Exception {
    Simulation.with()
        .seeds(5)
        .checkDeterminism(world -> {
          world.testHost().writeStdin("x".repeat(5000) + "\n");
          StandardStream.out().writeAll(ByteBuffer.allocate(20_000));
          assertEquals(5000, StandardStream.in().readLine().length());
          assertEquals(20_000, world.testHost().stdout().length());
        });
  }
}
