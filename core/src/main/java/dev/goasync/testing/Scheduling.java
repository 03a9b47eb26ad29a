package dev.goasync.testing;

import dev.goasync.internal.simulated.InOrderSchedule;
import dev.goasync.internal.simulated.PctSchedule;
import dev.goasync.internal.simulated.RandomSchedule;
import dev.goasync.internal.simulated.Schedule;
import dev.goasync.internal.simulated.ScheduleTree;
import java.util.function.Supplier;

/**
 * A strategy by which a {@link Simulation} orders what is ready at the same time.
 *
 * <pre>{@code
 * Simulation.with().scheduling(Scheduling.pct(3)).seeds(1_000).run(world -> {});
 * }</pre>
 */
public final class Scheduling {
  private final String name;
  private final Supplier<Schedule.Factory> factory;

  private Scheduling(String name, Supplier<Schedule.Factory> factory) {
    this.name = name;
    this.factory = factory;
  }

  private static Scheduling of(String name, Schedule.Factory factory) {
    return new Scheduling(name, () -> factory);
  }

  /**
   * The loops take turns, and each runs its coroutines in the order in which they became ready. A
   * read returns all bytes that are there. The order is the same for all seeds; the latencies are
   * not.
   */
  public static Scheduling inOrder() {
    return of("inOrder", _ -> new InOrderSchedule());
  }

  /**
   * Each time one of the ready coroutines is chosen at random. A socket operation that need not
   * wait may let others run first, and a read or write may move only a part of the bytes. The
   * default.
   */
  public static Scheduling random() {
    return of("random", RandomSchedule::new);
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
    return of("pct(" + depth + ")", random -> new PctSchedule(random, depth));
  }

  /**
   * All orders, one after another, for a scenario of a few coroutines with a few waits each. {@link
   * Simulation.Options#run} returns when all were run, and its summary has their number. It throws
   * an {@link IllegalStateException} if there are more than {@code maxSchedules}.
   *
   * <p>The orders are those of coroutines and loops. Reads return all bytes that are there, and the
   * seed draws the times of messages.
   *
   * @throws IllegalArgumentException if {@code maxSchedules} is not positive
   */
  public static Scheduling exhaustive(long maxSchedules) {
    if (maxSchedules < 1) {
      throw new IllegalArgumentException("maxSchedules must be positive: " + maxSchedules);
    }
    return new Scheduling("exhaustive(" + maxSchedules + ")", () -> new ScheduleTree(maxSchedules));
  }

  /** The schedules of one seed; {@link ScheduleTree} has several. */
  Schedule.Factory factory() {
    return factory.get();
  }

  @Override
  public String toString() {
    return name;
  }
}
