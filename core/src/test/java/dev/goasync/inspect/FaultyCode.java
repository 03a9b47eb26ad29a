package dev.goasync.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Code of a program, for tests in packages whose lines pass for the library's own. */
public final class FaultyCode {
  private FaultyCode() {}

  /** Starts two tasks, and keeps the loop until the latch is released. */
  public static Task<?> starve(EventLoop loop, CountDownLatch begun, CountDownLatch end) {
    return loop.goAsync(
        "greedy",
        () -> {
          GoAsync.goAsync("first", () -> 1);
          GoAsync.goAsync("second", () -> 2);
          begun.countDown();
          spinUntil(end);
        });
  }

  /** Keeps the thread until the latch is released. */
  public static void spinUntil(CountDownLatch end) {
    while (end.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  /** Reads a file that is empty. */
  public static void readByJdk(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  /** Reads the output of a child that prints nothing. */
  public static void readOutput(Process child) throws IOException {
    assertThat(child.getInputStream().read()).isEqualTo(-1);
  }

  /** Enters the monitor. */
  public static int enter(Object monitor) {
    synchronized (monitor) {
      return monitor.hashCode();
    }
  }

  /** Starts a task that waits for a connection. */
  public static Task<?> acceptLater(EventLoop loop, AsyncServerSocket server) {
    return loop.goAsync(() -> server.accept().close());
  }

  /** Opens a socket. */
  public static AsyncSocket leak(InetSocketAddress address) throws IOException {
    return AsyncSocket.connect(address);
  }
}
