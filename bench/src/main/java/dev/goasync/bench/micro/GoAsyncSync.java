package dev.goasync.bench.micro;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Mutex;
import dev.goasync.sync.Select;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Synchronization of coroutines with classes of the library, on a loop of the benchmark's thread.
 */
@State(Scope.Thread)
@OperationsPerInvocation(Micro.OPERATIONS)
public class GoAsyncSync {
  @SuppressWarnings("NullAway.Init") // the set-up does
  private EventLoop loop;

  @SuppressWarnings("NullAway.Init") // the set-up does
  private Mutex mutex;

  private int count;

  /** Runs on the benchmark's thread. */
  @Setup
  public void openLoop() {
    loop = EventLoop.onCurrentThread();
    mutex = new Mutex(loop);
  }

  /** One coroutine sends and another receives, without a buffer. */
  @Benchmark
  public void rendezvous() {
    pass(Channel.rendezvous(loop));
  }

  /** The same with a buffer of 64 items. */
  @Benchmark
  public void channelOf64() {
    pass(Channel.bounded(loop, 64));
  }

  private void pass(Channel<Integer> items) {
    loop.goAsync(() -> {
      for (int i = 0; i < Micro.OPERATIONS; i++) {
        items.send(i & 0x7F); // small, since the JDK caches such boxes
      }
    });
    loop.goAsync(
            () -> {
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                count += items.receive();
              }
            })
        .await();
  }

  /** One coroutine sends on two channels in turn, another receives by a select. */
  @Benchmark
  public void selectOfTwo() {
    Channel<Integer> left = Channel.bounded(loop, 64);
    Channel<Integer> right = Channel.bounded(loop, 64);
    loop.goAsync(() -> {
      for (int i = 0; i < Micro.OPERATIONS / 2; i++) {
        left.send(i & 0x7F);
        right.send(i & 0x7F);
      }
    });
    loop.goAsync(
            () -> {
              Select either =
                  Select.first()
                      .onReceive(left, item -> count += item)
                      .onReceive(right, item -> count -= item);
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                either.run();
              }
            })
        .await();
  }

  /** A field is updated under an uncontended lock. */
  @Benchmark
  public void mutex(Blackhole sink) {
    loop.goAsync(
            () -> {
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                mutex.lock();
                sink.consume(count++);
                mutex.unlock();
              }
            })
        .await();
  }

  /** The update alone. The sink keeps the compiler from making ten thousand updates one. */
  @Benchmark
  public void plainField(Blackhole sink) {
    loop.goAsync(
            () -> {
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                sink.consume(count++);
              }
            })
        .await();
  }

  /** The update with a check of the current thread: the least work of a lock that has an owner. */
  @Benchmark
  public void currentThread(Blackhole sink) {
    loop.goAsync(
            () -> {
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                sink.consume(Thread.currentThread());
                sink.consume(count++);
              }
            })
        .await();
  }

  /** Ten thousand children of one scope. */
  @Benchmark
  public void scope() {
    loop.goAsync(() ->
            TaskScope.run(scope -> {
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                var _ = scope.goAsync(() -> count++);
              }
              return count;
            }))
        .await();
  }

  /** Ten thousand tasks without a scope, awaited in a list. */
  @Benchmark
  public void tasksByThemselves() {
    loop.goAsync(
            () -> {
              Task<?>[] tasks = new Task<?>[Micro.OPERATIONS];
              for (int i = 0; i < tasks.length; i++) {
                tasks[i] = GoAsync.goAsync(() -> count++);
              }
              for (Task<?> task : tasks) {
                task.await();
              }
            })
        .await();
  }
}
