package dev.goasync.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.Caller;
import dev.goasync.CancelScope;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskFailedException;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.Scripts;
import dev.goasync.testkit.Waiting;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An interrupt or a cancel that comes at the moment in which {@code SO_TIMEOUT} expires is not
 * lost: the read ends by it, or by the timeout with the interrupt status set, as with the JDK's
 * sockets.
 */
@Conformance
@Timeout(60)
final class InterruptAtTimeoutTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int TIMEOUT_MILLIS = 1;
  private static final int SCRIPTS = 100;

  /** The threads and sockets that read; the first two are the model. */
  enum Reader {
    JDK_ON_A_THREAD,
    JDK_ON_A_VIRTUAL_THREAD,
    OURS_ON_A_THREAD,
    OURS_ON_A_VIRTUAL_THREAD,
    OURS_IN_A_COROUTINE;

    Socket connect(ServerSocket server) throws Exception {
      return name().startsWith("JDK")
          ? new Socket(LOOPBACK, server.getLocalPort())
          : new LoopSocketFactory().createSocket(LOOPBACK, server.getLocalPort());
    }

    void run(Body body) throws Exception {
      if (this == OURS_IN_A_COROUTINE) {
        Caller.COROUTINE.run(body::run);
        return;
      }
      CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
      Thread.Builder builder =
          name().endsWith("VIRTUAL_THREAD") ? Thread.ofVirtual() : Thread.ofPlatform();
      builder.start(() -> {
        try {
          body.run();
          end.complete(null);
        } catch (Throwable failed) {
          end.completeExceptionally(failed);
        }
      });
      end.get();
    }
  }

  @FunctionalInterface
  interface Body {
    void run() throws Exception;
  }

  @FunctionalInterface
  interface Conversation {
    void with(Socket here) throws Exception;
  }

  private static void connected(Reader reader, Conversation conversation) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, LOOPBACK)) {
      reader.run(() -> {
        try (Socket here = reader.connect(server)) {
          here.setSoTimeout(TIMEOUT_MILLIS);
          conversation.with(here);
        }
      });
    }
  }

  private static Throwable read(Socket socket) {
    return catchThrowable(() -> socket.getInputStream().read());
  }

  private static boolean isTimeout(Throwable thrown) {
    return thrown instanceof SocketTimeoutException;
  }

  /** Keeps the thread until {@code nanos} have passed, so that timers are due. */
  private static void spin(long nanos) {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < nanos) {
      Thread.onSpinWait();
    }
  }

  /** Runs {@code action} on a thread at a random moment around the timeout. */
  private static AtomicBoolean atRandomMoment(Random random, Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    long nanos = random.nextLong(2_000_000 * TIMEOUT_MILLIS);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          spin(nanos);
          action.run();
          done.set(true);
        });
    return done;
  }

  private static void untilSet(AtomicBoolean done) {
    while (!done.get()) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptAtARandomMomentIsNotLost(Reader reader) throws Exception {
    Scripts.run(
        "interrupt at SO_TIMEOUT",
        SCRIPTS,
        seed ->
            connected(
                reader,
                here -> {
                  Thread self = Thread.currentThread();
                  AtomicBoolean done = atRandomMoment(new Random(seed), self::interrupt);
                  Throwable thrown = read(here);
                  untilSet(done);
                  boolean interrupted = Thread.interrupted();
                  if (isTimeout(thrown)) {
                    assertThat(interrupted).as("interrupt status after a timeout").isTrue();
                  } else {
                    assertThat(thrown).isExactlyInstanceOf(SocketException.class);
                    assertThat(here.isClosed()).isTrue();
                  }
                }));
  }

  @Test
  void aCancelAtARandomMomentTakesEffectAndLeavesNoInterrupt() throws Exception {
    Scripts.run(
        "cancel at SO_TIMEOUT",
        SCRIPTS,
        seed ->
            connected(
                Reader.OURS_IN_A_COROUTINE,
                here -> {
                  Throwable thrown =
                      CancelScope.run(scope -> {
                        AtomicBoolean done =
                            atRandomMoment(new Random(seed), () -> scope.cancel("cut"));
                        Throwable ofRead = read(here);
                        untilSet(done);
                        assertThatThrownBy(() -> GoAsync.sleep(Duration.ofMinutes(1)))
                            .isInstanceOf(CancellationException.class);
                        return ofRead;
                      });
                  assertThat(here.isClosed()).isEqualTo(!isTimeout(thrown));
                  assertThat(Thread.currentThread().isInterrupted()).isFalse();
                  GoAsync.yield();
                }));
  }

  /**
   * The loop is kept busy until the timeout is due, so that timer and interrupt meet. On a loaded
   * machine a read may be over before that; then they have not met, and another read is tried.
   */
  @Test
  void anInterruptAfterTheTimeoutWasDueIsNotLost() throws Exception {
    connected(
        Reader.OURS_IN_A_COROUTINE,
        here -> {
          boolean met = false;
          while (!met) {
            CompletableFuture<Thread> reader = new CompletableFuture<>();
            Task<Boolean> reading =
                GoAsync.goAsync(() -> {
                  reader.complete(Thread.currentThread());
                  Throwable thrown = read(here);
                  return Thread.interrupted() || !isTimeout(thrown);
                });
            Waiting.forATurn();
            spin(Duration.ofMillis(TIMEOUT_MILLIS).toNanos());
            met = !reading.isCompleted();
            reader.join().interrupt();
            assertThat(reading.await() || !met).as("the interrupt is seen").isTrue();
          }
        });
  }

  /** The timer has ended the wait, and the coroutine has not run since. */
  @Test
  void anInterruptBetweenTheTimeoutAndItsExceptionIsNotLost() throws Exception {
    connected(
        Reader.OURS_IN_A_COROUTINE,
        here -> {
          CompletableFuture<Thread> reader = new CompletableFuture<>();
          Task<?> interrupter =
              GoAsync.goAsync(() -> {
                GoAsync.sleep(Duration.ofMillis(TIMEOUT_MILLIS));
                reader.join().interrupt();
              });
          Task<Boolean> reading =
              GoAsync.goAsync(() -> {
                reader.complete(Thread.currentThread());
                Throwable thrown = read(here);
                interrupter.await();
                return Thread.interrupted() || !isTimeout(thrown);
              });
          Waiting.forATurn();
          spin(Duration.ofMillis(TIMEOUT_MILLIS).toNanos());
          Throwable failure = catchThrowable(reading::await);
          assertThat(failure).as("the wait for the interrupter may be interrupted").isNull();
          assertThat(reading.await()).as("the interrupt is seen").isTrue();
        });
  }

  /** Some libraries look at it before they repeat a request. */
  @Test
  void theInterruptStatusIsSetAfterACancelledRead() throws Exception {
    connected(
        Reader.OURS_IN_A_COROUTINE,
        here -> {
          here.setSoTimeout(0);
          AtomicBoolean interrupted = new AtomicBoolean();
          Task<?> reading =
              GoAsync.goAsync(() -> {
                assertThat(read(here)).isExactlyInstanceOf(SocketException.class);
                interrupted.set(Thread.currentThread().isInterrupted());
              });
          Waiting.forATurn();
          reading.cancel();
          Caller.settle(reading);
          assertThat(interrupted).isTrue();
        });
  }

  /** What a cancelled read leaves behind does not reach a clean-up that is shielded. */
  @Test
  void aCleanUpInAShieldCanWaitAfterACancelledRead() throws Exception {
    connected(
        Reader.OURS_IN_A_COROUTINE,
        here -> {
          here.setSoTimeout(0);
          AtomicBoolean cleaned = new AtomicBoolean();
          Task<?> reading =
              GoAsync.goAsync(() -> {
                try {
                  here.getInputStream().read();
                } finally {
                  GoAsync.shielded(() -> GoAsync.sleep(Duration.ofNanos(1)));
                  cleaned.set(true);
                }
              });
          Waiting.forATurn();
          reading.cancel();
          assertThatThrownBy(reading::await)
              .isInstanceOfAny(TaskFailedException.class, CancellationException.class);
          assertThat(cleaned).isTrue();
        });
  }
}
