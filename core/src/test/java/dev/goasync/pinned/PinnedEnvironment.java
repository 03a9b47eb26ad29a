package dev.goasync.pinned;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.Action;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.sync.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the waits need besides their coroutine: a loop of its own, threads, sockets, a directory.
 */
final class PinnedEnvironment implements AutoCloseable {
  static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  final EventLoop other = EventLoop.start("loop of the peers");

  private final Path dir;
  private final Event done = Event.manualReset();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> threadWork = new ArrayList<>();
  private final List<AutoCloseable> resources = new ArrayList<>();
  private final List<Task<?>> holders = new ArrayList<>();

  /** Work of a plain thread. */
  interface ThreadWork {
    void run() throws Exception;
  }

  PinnedEnvironment(Path dir) {
    this.dir = dir;
  }

  Path path() {
    return dir.resolve("file");
  }

  <T extends AutoCloseable> T add(T resource) {
    resources.add(resource);
    return resource;
  }

  void onThread(ThreadWork work) {
    threadWork.add(
        threads.submit(() -> {
          work.run();
          return null;
        }));
  }

  /** Another coroutine of the loop holds something until the end. */
  void hold(Action<RuntimeException> acquire, Action<RuntimeException> release) {
    holders.add(
        goAsync(() -> {
          acquire.run();
          done.await();
          release.run();
        }));
    GoAsync.yield();
  }

  /** The address of a server that answers each read with as many bytes. */
  InetSocketAddress echoServer() throws IOException {
    var server = add(AsyncServerSocket.listen(LOOPBACK));
    InetSocketAddress address = server.localAddress();
    var _ =
        other.goAsync(() -> {
          try (AsyncSocket peer = server.accept()) {
            ByteBuffer buffer = ByteBuffer.allocate(100);
            while (peer.read(buffer) > 0) {
              peer.writeAll(buffer.flip());
              buffer.clear();
            }
          }
        });
    return address;
  }

  /** A socket whose peer sends nothing. */
  AsyncSocket sockets() throws IOException {
    return add(AsyncSocket.connect(echoServer()));
  }

  @Override
  public void close() throws IOException {
    done.set();
    GoAsync.awaitAll(holders);
    try {
      for (Future<?> work : threadWork) {
        work.get();
      }
      threads.shutdown();
      for (AutoCloseable resource : resources.reversed()) {
        resource.close();
      }
    } catch (Exception failed) {
      throw new IOException("the environment of a pinned wait failed", failed);
    }
    other.closeNow();
  }
}
