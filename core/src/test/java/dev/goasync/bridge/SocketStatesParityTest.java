package dev.goasync.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The JDK's sockets and those of this library in each state of a connection: getters, options, and
 * the ends of connections. The expectation of the generated part is what the JDK's socket does.
 */
@Conformance
@SuppressWarnings("try") // closing early is what is tested
final class SocketStatesParityTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** Getters whose results differ between any two sockets: ports, identities. */
  private static final Set<String> INDIVIDUAL =
      Set.of("getLocalPort", "getPort", "getLocalSocketAddress", "getRemoteSocketAddress");

  /** What is done with a connected socket before it is compared. */
  enum State {
    CONNECTED {
      @Override
      void enter(Socket socket) {}
    },
    INPUT_SHUT_DOWN {
      @Override
      void enter(Socket socket) throws IOException {
        socket.shutdownInput();
      }
    },
    OUTPUT_SHUT_DOWN {
      @Override
      void enter(Socket socket) throws IOException {
        socket.shutdownOutput();
      }
    },
    CLOSED {
      @Override
      void enter(Socket socket) throws IOException {
        socket.close();
      }
    };

    abstract void enter(Socket socket) throws IOException;
  }

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

  // ---- generated: getters and options ----

  private static String result(Object target, Method method) throws IllegalAccessException {
    try {
      return String.valueOf(method.invoke(target));
    } catch (InvocationTargetException thrown) {
      return String.valueOf(thrown.getCause());
    }
  }

  private static Map<String, String> getters(Socket socket) throws IllegalAccessException {
    Map<String, String> results = new TreeMap<>();
    Method[] methods = Socket.class.getMethods();
    Arrays.sort(methods, Comparator.comparing(Method::getName));
    for (Method method : methods) {
      boolean getter = method.getName().startsWith("get") || method.getName().startsWith("is");
      if (getter
          && method.getParameterCount() == 0
          && method.getReturnType() != Class.class
          && !method.getName().endsWith("Stream")
          && !INDIVIDUAL.contains(method.getName())) {
        results.put(method.getName(), result(socket, method));
      }
    }
    return results;
  }

  private static <T> String value(Socket socket, SocketOption<T> option) {
    try {
      return String.valueOf(socket.getOption(option));
    } catch (IOException | RuntimeException thrown) {
      return thrown.toString();
    }
  }

  private static <T> String afterSet(Socket socket, SocketOption<T> option, Object value) {
    try {
      socket.setOption(option, option.type().cast(value));
      return value(socket, option);
    } catch (IOException | RuntimeException thrown) {
      return thrown.getClass().getName();
    }
  }

  private static Map<String, String> options(Socket socket) {
    Map<String, String> results = new TreeMap<>();
    for (SocketOption<?> option : socket.supportedOptions()) {
      String name = option.name();
      if (name.equals("SO_INCOMING_NAPI_ID")) {
        results.put(name, ""); // depends on the packets that have come
        continue;
      }
      results.put(name, value(socket, option));
      if (option.type() == Boolean.class) {
        results.put(name + "=true", afterSet(socket, option, true));
        results.put(name + "=false", afterSet(socket, option, false));
      } else {
        for (int number : new int[] {16, 70_000, 0, -1}) {
          if (option != StandardSocketOptions.SO_LINGER || number > 0) {
            results.put(name + "=" + number, afterSet(socket, option, number));
          }
        }
      }
    }
    return results;
  }

  private static Map<String, String> observed(Kind kind, State state) throws Exception {
    Map<String, String> results = new TreeMap<>();
    connected(
        kind,
        (here, there) -> {
          state.enter(there);
          results.putAll(getters(there));
          results.putAll(options(there));
        });
    return results;
  }

  @ParameterizedTest
  @EnumSource
  void gettersAndOptionsAreThoseOfTheJdk(State state) throws Exception {
    Map<String, String> expected = observed(Kind.OF_JDK, state);
    assertThat(observed(Kind.OURS_ON_A_THREAD, state)).isEqualTo(expected);
    assertThat(observed(Kind.OURS_IN_A_COROUTINE, state)).isEqualTo(expected);
  }

  @Test
  void supportedOptionsAreThoseOfTheJdk() throws Exception {
    try (ServerSocket ofJdk = new ServerSocket();
        ServerSocket ours = new LoopServerSocketFactory().createServerSocket()) {
      assertThat(ours.supportedOptions()).isEqualTo(ofJdk.supportedOptions());
    }
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
