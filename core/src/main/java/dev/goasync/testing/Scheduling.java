package dev.goasync.testing;

import dev.goasync.internal.simulated.InOrderSchedule;
import dev.goasync.internal.simulated.PctSchedule;
import dev.goasync.internal.simulated.RandomSchedule;
import dev.goasync.internal.simulated.Schedule;

/**
 * A strategy by which a {@link Simulation} orders what is ready at the same time.
 *
 * <pre>{@code
 * Simulation.with().scheduling(Scheduling.pct(3)).seeds(1_000).run(world -> {});
 * }</pre>
 */
public final class Scheduling {
  private final String name;
  private final Schedule.Factory factory;

  private Scheduling(String name, Schedule.Factory factory) {
    this.name = name;
    this.factory = factory;
  }

  /**
   * The loops take turns, and each runs its coroutines in the order in which they became ready. A
   * read returns all bytes that are there. The order is the same for all seeds; the latencies are
   * not.
   */
  public static Scheduling inOrder() {
    return new Scheduling("inOrder", _ -> new InOrderSchedule());
  }

  /**
   * Each time one of the ready coroutines is chosen at random. A socket operation that need not
   * wait may let others run first, and a read or write may move only a part of the bytes. The
   * default.
   */
  public static Scheduling random() {
    return new Scheduling("random", RandomSchedule::new);
  }

  /**
   * Probabilistic concurrency testing (Burckhardt and others, 2010): coroutines have random
   * priorities, and at {@code depth - 1} random moments the one that would run loses its priority.
   * Finds bugs that need one coroutine to be late for long, which {@link #random} seldom shows.
   *
   * @param depth how many such constraints the bugs to find have; 2 or 3 suffice for most
   * @throws IllegalArgumentException if {@code depth} is not positive
   */
  public static Scheduling pct(int depth) {
    if (depth < 1) {
      throw new IllegalArgumentException("depth must be positive: " + depth);
    }
    return new Scheduling("pct(" + depth + ")", random -> new PctSchedule(random, depth));
  }

  Schedule.Factory factory() {
    return factory;
  }

  @Override
  public String toString() {
    return name;
  }
}
