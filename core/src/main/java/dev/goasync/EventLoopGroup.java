package dev.goasync;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of event loops, each with its own thread, for programs that use several cores. A
 * coroutine stays on the loop on which it was started. State that coroutines of different loops
 * share needs locks.
 *
 * <pre>{@code
 * int cores = Runtime.getRuntime().availableProcessors();
 * try (EventLoopGroup group = EventLoopGroup.start(cores)) {
 *   for (int i = 0; i < 100; i++) {
 *     int number = i;
 *     group.goAsync(() -> System.out.println("job " + number));
 *   }
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> All methods may be called from any thread.
 */
public final class EventLoopGroup implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final List<EventLoop> loops;
  private final AtomicInteger calls = new AtomicInteger();

  private EventLoopGroup(List<EventLoop> loops) {
    this.loops = loops;
  }

  /**
   * Starts {@code size} loops.
   *
   * @throws IllegalArgumentException if {@code size} is not positive
   */
  public static EventLoopGroup start(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size must be positive: " + size);
    }
    String name = "goasync-group-" + COUNT.incrementAndGet() + "-";
    List<EventLoop> loops = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      loops.add(EventLoop.start(name + i));
    }
    return new EventLoopGroup(List.copyOf(loops));
  }

  /** The loops of the group. */
  public List<EventLoop> loops() {
    return loops;
  }

  /** Returns the loops one after the other, round-robin. */
  public EventLoop next() {
    return loops.get(Math.floorMod(calls.getAndIncrement(), loops.size()));
  }

  /**
   * Starts a coroutine on the {@linkplain #next() next} loop.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public <T extends @Nullable Object> Task<T> goAsync(Body<? extends T, ?> body) {
    return next().goAsync(Objects.requireNonNull(body, "body"));
  }

  /**
   * Starts a coroutine without a result on the {@linkplain #next() next} loop.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public Task<@Nullable Void> goAsync(Action<?> body) {
    return next().goAsync(Objects.requireNonNull(body, "body"));
  }

  /**
   * Closes all loops and waits until their coroutines have ended.
   *
   * @throws IllegalStateException if called by a coroutine of one of the loops
   */
  @Override
  public void close() {
    loops.forEach(EventLoop::close);
  }

  /**
   * Cancels the coroutines of all loops, closes the loops and waits until the coroutines have
   * ended.
   *
   * @throws IllegalStateException if called by a coroutine of one of the loops
   */
  public void closeNow() {
    loops.forEach(EventLoop::closeNow);
  }
}
