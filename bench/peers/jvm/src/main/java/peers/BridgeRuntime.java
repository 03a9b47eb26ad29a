package peers;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.bridge.LoopSocketFactory;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import javax.net.SocketFactory;

/** What the clients of suite bridge run on: a loop with its sockets, or the JDK's threads. */
record BridgeRuntime(
    SocketFactory sockets,
    ThreadFactory threads,
    ExecutorService executor,
    ScheduledExecutorService timers,
    LongConsumer sleep) {

  /** The body of a worker. */
  @FunctionalInterface
  interface Body {
    void run() throws Exception;
  }

  /** Coroutines of one loop. */
  static BridgeRuntime loop() {
    EventLoop loop = EventLoop.start("bridge");
    return new BridgeRuntime(
        new LoopSocketFactory(),
        loop.threadFactory("worker-", true),
        loop.executor(),
        loop.scheduledExecutor(),
        nanos -> GoAsync.sleep(Duration.ofNanos(nanos)));
  }

  /** The JDK's virtual threads and sockets. */
  static BridgeRuntime virtualThreads() {
    ThreadFactory threads = Thread.ofVirtual().factory();
    return new BridgeRuntime(
        SocketFactory.getDefault(),
        threads,
        Executors.newThreadPerTaskExecutor(threads),
        Executors.newScheduledThreadPool(1, threads),
        LockSupport::parkNanos);
  }

  Future<?> start(Body body) {
    return executor.submit(() -> {
      body.run();
      return null;
    });
  }
}
