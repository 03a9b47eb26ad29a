package dev.goasync.bench.micro;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Two virtual threads send each other a small message over a connection with blocking channels. */
@State(Scope.Thread)
@OperationsPerInvocation(SocketPingPong.MESSAGES)
public class ThreadPingPong {
  private @Nullable SocketChannel near;
  private @Nullable SocketChannel far;

  /** Connects. */
  @Setup
  public void connect() throws IOException {
    ServerSocketChannel server =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    near = SocketChannel.open(server.getLocalAddress());
    far = server.accept();
    near.setOption(StandardSocketOptions.TCP_NODELAY, true);
    far.setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  /** Sends many messages back and forth. */
  @Benchmark
  public void pingPong() throws InterruptedException {
    Thread answering = Thread.startVirtualThread(() -> play(far, false));
    Thread.startVirtualThread(() -> play(near, true)).join();
    answering.join();
  }

  private static void play(@Nullable SocketChannel socket, boolean begins) {
    if (socket == null) {
      throw new IllegalStateException("not connected");
    }
    ByteBuffer message = ByteBuffer.allocateDirect(64);
    try {
      if (begins) {
        send(socket, message);
      }
      int rounds = SocketPingPong.MESSAGES / 2;
      for (int i = 0; i < rounds; i++) {
        receive(socket, message.clear());
        if (i < rounds - 1 || !begins) {
          send(socket, message.flip());
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void send(SocketChannel socket, ByteBuffer message) throws IOException {
    while (message.hasRemaining()) {
      if (socket.write(message) < 0) {
        throw new IOException("the peer closed the connection");
      }
    }
  }

  private static void receive(SocketChannel socket, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (socket.read(into) < 0) {
        throw new IOException("the peer closed the connection");
      }
    }
  }
}
