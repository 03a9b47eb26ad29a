package dev.goasync.bench.micro;

import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Two coroutines of one loop send each other a small message over a connection. An operation is one
 * message: a send and a receive. Uses direct buffers.
 */
@State(Scope.Thread)
@OperationsPerInvocation(SocketPingPong.MESSAGES)
public class SocketPingPong {
  static final int MESSAGES = 20_000;
  private static final int SIZE = 64;

  @SuppressWarnings("NullAway.Init") // the set-up does
  private EventLoop loop;

  private @Nullable AsyncSocket near;
  private @Nullable AsyncSocket far;

  /** Runs on the benchmark's thread. */
  @Setup
  public void connect() {
    loop = EventLoop.onCurrentThread();
    loop.goAsync(
            () -> {
              AsyncServerSocket server = AsyncServerSocket.listen(0);
              Task<AsyncSocket> accepted = loop.goAsync(server::accept);
              near = AsyncSocket.connect("127.0.0.1", server.localAddress().getPort());
              far = accepted.await();
            })
        .await();
  }

  /** Sends many messages back and forth. */
  @Benchmark
  public void pingPong() {
    Task<?> answering = loop.goAsync(() -> play(far, false));
    loop.goAsync(() -> play(near, true)).await();
    answering.await();
  }

  private static void play(@Nullable AsyncSocket socket, boolean begins) throws IOException {
    if (socket == null) {
      throw new IllegalStateException("not connected");
    }
    ByteBuffer message = ByteBuffer.allocateDirect(SIZE);
    if (begins) {
      socket.writeAll(message);
    }
    int rounds = MESSAGES / 2;
    for (int i = 0; i < rounds; i++) {
      receive(socket, message.clear());
      if (i < rounds - 1 || !begins) {
        socket.writeAll(message.flip());
      }
    }
  }

  private static void receive(AsyncSocket socket, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (socket.read(into) < 0) {
        throw new IOException("the peer closed the connection");
      }
    }
  }
}
