package dev.goasync;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Several loops, each with a thread, for programs that want more than one core. A coroutine stays
 * on the loop that it started on; what coroutines of different loops share needs locks.
 *
 * <pre>{@code
 * try (EventLoopGroup group = EventLoopGroup.start(Runtime.getRuntime().availableProcessors())) {
 *   for (Job job : jobs) {
 *     group.goAsync(() -> job.run());
 *   }
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread.
 */
public final class EventLoopGroup implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final List<EventLoop> loops;
  private final AtomicInteger turn = new AtomicInteger();

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
      throw new IllegalArgumentException("size is not positive: " + size);
    }
    String name = "goasync-group-" + COUNT.incrementAndGet() + "-";
    List<EventLoop> loops = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      loops.add(EventLoop.start(name + i));
    }
    return new EventLoopGroup(List.copyOf(loops));
  }

  /** All loops. */
  public List<EventLoop> loops() {
    return loops;
  }

  /** The loops in turn. */
  public EventLoop next() {
    return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
  }

  /** Starts a coroutine on the {@linkplain #next() next} loop. */
  public <T extends @Nullable Object> Task<T> goAsync(Body<? extends T, ?> body) {
    return next().goAsync(Objects.requireNonNull(body, "body"));
  }

  /** Starts a coroutine on the {@linkplain #next() next} loop. */
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

  /** Like {@link #close}, but cancels the coroutines first. */
  public void closeNow() {
    loops.forEach(EventLoop::closeNow);
  }
}
