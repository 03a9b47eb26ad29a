package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.Action;
import dev.goasync.Body;
import dev.goasync.Caller;
import dev.goasync.TaskFailedException;
import dev.goasync.TaskScope;
import dev.goasync.conformance.Conformance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A reader and a writer of one socket in a scope. One task fails while its sibling waits; the
 * failure comes out of the scope, whatever the sibling ends with.
 */
@Conformance
final class ScopeOfOneSocketTest {
  @SuppressWarnings("StaticAssignmentOfThrowable") // the tests look for this instance
  private static final IOException CAUSE = new IOException("the cause");

  private static final InetSocketAddress LOCAL =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** What the waiting task does when it is cancelled. */
  enum Reaction {
    /** Ends with the cancellation. */
    NONE,
    /** Closes the socket, as a library's clean-up does. */
    CLOSE,
    /** Throws another exception. */
    THROW;

    void await(AsyncSocket socket, Action<IOException> wait) throws IOException {
      try {
        wait.run();
      } finally {
        switch (this) {
          case NONE -> {}
          case CLOSE -> socket.close();
          case THROW -> throwAnother();
        }
      }
    }

    private static void throwAnother() {
      throw new IllegalStateException("clean-up failed");
    }
  }

  static Stream<Arguments> all() {
    return Stream.of(Caller.values())
        .flatMap(caller -> Stream.of(Reaction.values()).map(each -> Arguments.of(caller, each)));
  }

  private interface Test {
    void run(AsyncSocket here, AsyncSocket there) throws Exception;
  }

  private static void withSockets(Caller caller, Test test) throws Exception {
    caller.run(() -> {
      try (var listener = AsyncServerSocket.listen(LOCAL);
          var here = AsyncSocket.connect(listener.localAddress());
          var there = listener.accept()) {
        here.setOption(StandardSocketOptions.SO_SNDBUF, 8 * 1024);
        test.run(here, there);
      }
    });
  }

  /** Returns the exception of a scope with these two tasks. */
  private static Throwable thrownBy(Action<IOException> one, Action<IOException> other) {
    List<Body<String, IOException>> bodies = Stream.of(one, other).map(each -> body(each)).toList();
    return catchThrowable(() -> TaskScope.all(bodies));
  }

  private static Body<String, IOException> body(Action<IOException> action) {
    return () -> {
      action.run();
      return "returned";
    };
  }

  /** Returns only when the write has failed: the peer does not read. */
  private static void writeForEver(AsyncSocket socket) throws IOException {
    while (true) {
      socket.writeAll(ByteBuffer.allocate(64 * 1024));
    }
  }

  private static void assertCause(Throwable thrown) {
    assertThat(thrown).isInstanceOf(TaskFailedException.class).hasCause(CAUSE);
  }

  @ParameterizedTest
  @MethodSource("all")
  void failureOfTheWriter(Caller caller, Reaction reaction) throws Exception {
    withSockets(
        caller,
        (here, there) ->
            assertCause(
                thrownBy(
                    () -> reaction.await(here, () -> here.readExactly(1)),
                    () -> {
                      here.writeAll("some bytes");
                      there.readExactly(10);
                      throw CAUSE;
                    })));
  }

  @ParameterizedTest
  @MethodSource("all")
  void failureOfTheReader(Caller caller, Reaction reaction) throws Exception {
    withSockets(
        caller,
        (here, there) -> {
          there.writeAll("x");
          assertCause(
              thrownBy(
                  () -> {
                    here.readExactly(1);
                    there.readExactly(64 * 1024); // the writer has begun
                    throw CAUSE;
                  },
                  () -> reaction.await(here, () -> writeForEver(here))));
        });
  }

  /** Both tasks fail by themselves; a cancel does not hide that. */
  @ParameterizedTest
  @MethodSource("all")
  void resetByThePeer(Caller caller, Reaction reaction) throws Exception {
    withSockets(
        caller,
        (here, there) -> {
          there.setOption(StandardSocketOptions.SO_LINGER, 0);
          Throwable thrown =
              thrownBy(
                  () -> {
                    there.readExactly(64 * 1024); // the writer has begun
                    there.close();
                    here.readExactly(1);
                  },
                  () -> reaction.await(here, () -> writeForEver(here)));
          Throwable failure = thrown instanceof TaskFailedException ? thrown.getCause() : thrown;
          assertThat(failure).isInstanceOfAny(IOException.class, IllegalStateException.class);
        });
  }
}
