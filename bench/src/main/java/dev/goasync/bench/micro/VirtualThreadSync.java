package dev.goasync.bench.micro;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Synchronization of virtual threads with classes of the JDK. */
@State(Scope.Thread)
@OperationsPerInvocation(Micro.OPERATIONS)
public class VirtualThreadSync {
  private final ReentrantLock lock = new ReentrantLock();
  private final Object monitor = new Object();
  private int count;

  /** One thread puts and another takes, without a buffer. */
  @Benchmark
  public void synchronousQueue() throws InterruptedException {
    pass(new SynchronousQueue<>());
  }

  /** The same with a buffer of 64 items. */
  @Benchmark
  public void arrayBlockingQueue() throws InterruptedException {
    pass(new ArrayBlockingQueue<>(64));
  }

  private void pass(BlockingQueue<Integer> items) throws InterruptedException {
    Thread sender = Thread.startVirtualThread(() -> sendAll(items));
    Thread.startVirtualThread(() -> receiveAll(items)).join();
    sender.join();
  }

  private static void sendAll(BlockingQueue<Integer> items) {
    try {
      for (int i = 0; i < Micro.OPERATIONS; i++) {
        items.put(i & 0x7F);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void receiveAll(BlockingQueue<Integer> items) {
    try {
      for (int i = 0; i < Micro.OPERATIONS; i++) {
        count += items.take();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A field is updated under an uncontended lock. */
  @Benchmark
  public void reentrantLock(Blackhole sink) throws InterruptedException {
    Thread.startVirtualThread(
            () -> {
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                lock.lock();
                try {
                  sink.consume(count++);
                } finally {
                  lock.unlock();
                }
              }
            })
        .join();
  }

  /** The same under a monitor. */
  @Benchmark
  public void monitor(Blackhole sink) throws InterruptedException {
    Thread.startVirtualThread(
            () -> {
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                synchronized (monitor) {
                  sink.consume(count++);
                }
              }
            })
        .join();
  }
}
