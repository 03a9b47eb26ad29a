package dev.goasync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.testkit.ChildJvm;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that the JDK starts on first use do not depend on the loop whose coroutine was first. */
@Timeout(120)
final class JdkPollerTest {
  static final class Program {
    /** Blocks in a read, so that a virtual thread needs the JDK's poller. */
    private static int echo() throws Exception {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      try (ServerSocket server = new ServerSocket(0, 5, loopback);
          Socket client = new Socket(loopback, server.getLocalPort());
          Socket peer = server.accept()) {
        Thread writer =
            Thread.ofPlatform()
                .start(() -> {
                  LockSupport.parkNanos(50_000_000);
                  try {
                    peer.getOutputStream().write(7);
                  } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
        int read = client.getInputStream().read();
        writer.join();
        return read;
      }
    }

    private static void onVirtualThread(String when, Callable<Integer> body) throws Exception {
      FutureTask<Integer> task = new FutureTask<>(body);
      Thread.startVirtualThread(task);
      System.out.println(when + ": " + task.get());
    }

    public static void main(String[] arguments) throws Exception {
      EventLoop loop = EventLoop.start("first");
      System.out.println("coroutine: " + loop.goAsync(() -> echo()).await());
      CountDownLatch stop = new CountDownLatch(1);
      loop.goAsync(() -> {
        while (stop.getCount() > 0) {
          Thread.onSpinWait();
        }
      });
      onVirtualThread("while the loop is busy", Program::echo);
      stop.countDown();
      loop.close();
      onVirtualThread("after the loop was closed", Program::echo);
    }
  }

  @Test
  void socketsOfVirtualThreadsWorkWhileTheLoopIsBusyOrClosed() throws Exception {
    assertThat(ChildJvm.run(Program.class).assertSuccess().out().lines())
        .containsExactly(
            "coroutine: 7", "while the loop is busy: 7", "after the loop was closed: 7");
  }
}
