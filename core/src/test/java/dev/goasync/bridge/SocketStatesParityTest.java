package dev.goasync.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.Waiting;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ends of connections, and pending interrupts, with the JDK's sockets and ours. */
@Conformance
@SuppressWarnings("try") // closing early is what is tested
final class SocketStatesParityTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @FunctionalInterface
  private interface Conversation {
    void with(Socket here, Socket there) throws Exception;
  }

  /** Connects a socket of a kind to one of the JDK. */
  private static void connected(Kind kind, Conversation conversation) throws Exception {
    kind.run(() -> {
      try (ServerSocket server = kind.serverSockets().createServerSocket(0, 10, LOOPBACK);
          Socket there = kind.sockets().createSocket(LOOPBACK, server.getLocalPort());
          Socket here = server.accept()) {
        conversation.with(here, there);
      }
    });
  }

  // ---- ends of a connection ----

  @ParameterizedTest
  @EnumSource
  void resetIsThrownByEveryLaterRead(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          there.setSoLinger(true, 0);
          there.close();
          InputStream in = here.getInputStream();
          for (int i = 0; i < 3; i++) {
            assertThatThrownBy(in::read)
                .isInstanceOf(SocketException.class)
                .hasMessage("Connection reset");
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void shutDownInputHasNothingAvailable(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          there.getOutputStream().write(new byte[17]);
          InputStream in = here.getInputStream();
          Waiting.until(() -> in.available() == 17);
          here.shutdownInput();
          assertThat(in.available()).isZero();
          assertThat(in.read()).isEqualTo(-1);
          here.close();
          assertThatThrownBy(in::available).isInstanceOf(SocketException.class);
        });
  }

  /** The close has unread input, so the kernel resets the connection after the last bytes. */
  @ParameterizedTest
  @EnumSource
  void bytesWrittenBeforeACloseWithUnreadInputArrive(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          there.getOutputStream().write(new byte[1000]);
          Waiting.until(() -> here.getInputStream().available() == 1000);
          here.getOutputStream().write(1);
          here.close();
          InputStream in = there.getInputStream();
          assertThat(in.read()).isEqualTo(1);
          assertThat(in.read()).isEqualTo(-1);
        });
  }

  // ---- cancels and interrupts that are pending ----

  @ParameterizedTest
  @EnumSource
  void pendingInterruptDoesNotEndWhatNeedNotWait(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          there.getOutputStream().write(new byte[2]);
          Waiting.until(() -> here.getInputStream().available() == 2);
          Thread.currentThread().interrupt();
          int count = here.getInputStream().read(new byte[1]);
          here.getOutputStream().write(5);
          boolean interrupted = Thread.interrupted();
          assertThat(interrupted).isTrue();
          assertThat(count).isEqualTo(1);
          assertThat(there.getInputStream().read()).isEqualTo(5);
          assertThat(here.isClosed()).isFalse();
        });
  }

  /** As in a library's clean-up that sends a last message over a shared connection. */
  @Test
  void pendingCancelDoesNotEndWhatNeedNotWait() throws Exception {
    connected(
        Kind.OURS_IN_A_COROUTINE,
        (here, there) -> {
          assertThatThrownBy(() ->
                  GoAsync.withTimeout(
                      Duration.ZERO,
                      () -> {
                        try {
                          GoAsync.sleep(Duration.ofDays(1));
                        } finally {
                          here.getOutputStream().write(7);
                        }
                      }))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(here.isClosed()).isFalse();
          assertThat(there.getInputStream().read()).isEqualTo(7);
        });
  }

  // ---- factories ----

  @Test
  void tlsFactoryIsFoundByItsClass() throws Exception {
    Caller.THREAD.run(() -> {
      Class<?> type = Class.forName(LoopSslSocketFactory.class.getName());
      assertThat(type.getConstructor().newInstance()).isInstanceOf(SSLSocketFactory.class);
      assertThat(type.getMethod("getDefault").invoke(null))
          .isInstanceOf(LoopSslSocketFactory.class);
    });
  }
}
