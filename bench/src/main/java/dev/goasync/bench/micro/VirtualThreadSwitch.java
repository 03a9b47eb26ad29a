package dev.goasync.bench.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Single steps of the JDK's virtual threads on the JDK's scheduler. */
@State(Scope.Thread)
@OperationsPerInvocation(Micro.OPERATIONS)
public class VirtualThreadSwitch {
  private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

  private volatile int count;

  /** A virtual thread starts another and waits for its end. */
  @Benchmark
  public void startAwait() throws InterruptedException {
    Thread.startVirtualThread(this::startOften).join();
  }

  /** A platform thread starts a virtual thread and waits for its end. */
  @Benchmark
  public void startAwaitFromThread() {
    startOften();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time: join orders them
  private void startOften() {
    for (int i = 0; i < Micro.OPERATIONS; i++) {
      try {
        Thread.startVirtualThread(() -> count++).join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Two threads yield. */
  @Benchmark
  public void yieldToOther() throws InterruptedException {
    Thread other = Thread.startVirtualThread(VirtualThreadSwitch::yieldOften);
    Thread.startVirtualThread(VirtualThreadSwitch::yieldOften).join();
    other.join();
  }

  private static void yieldOften() {
    for (int k = 0; k < Micro.OPERATIONS / 2; k++) {
      Thread.yield();
    }
  }

  /** Two threads wake each other in turn. */
  @Benchmark
  public void handOver() throws InterruptedException {
    ParkingHandOver ping = new ParkingHandOver();
    ParkingHandOver pong = new ParkingHandOver();
    Thread answering = Thread.startVirtualThread(() -> HandOvers.answer(ping, pong));
    Thread.startVirtualThread(() -> HandOvers.ask(ping, pong)).join();
    answering.join();
  }

  /** Reads a thread local, another way to find the current coroutine. */
  @Benchmark
  public void threadLocal(Blackhole sink) throws InterruptedException {
    Thread.startVirtualThread(
            () -> {
              LOCAL.set(this);
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                sink.consume(LOCAL.get());
              }
            })
        .join();
  }
}
