package dev.goasync.testing;

import dev.goasync.GoAsync;
import dev.goasync.internal.simulated.Choices;
import dev.goasync.internal.simulated.Picture;
import dev.goasync.internal.simulated.Schedule;
import dev.goasync.internal.simulated.ScheduleTree;
import dev.goasync.internal.simulated.SimulatedWorld;
import dev.goasync.internal.simulated.Trace;
import dev.goasync.internal.simulated.WorldEnd;
import dev.goasync.internal.simulated.WorldOptions;
import dev.goasync.internal.util.Durations;
import dev.goasync.internal.vthread.SchedulerAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs hosts, their network and their time in one thread, in an order that a seed decides: a
 * deterministic simulation for tests of concurrent and distributed programs. The programs are
 * unchanged: sockets, servers, sleeps, channels and locks are those of the library.
 *
 * <pre>{@code
 * Simulation.with().seeds(100).run(world -> {
 *   world.host("echo", () -> {
 *     try (Server server = Server.listen(7, connection -> connection.writeAll(connection.readLine() + "\n"))) {
 *       GoAsync.sleep(Duration.ofHours(1));
 *     }
 *   });
 *   try (AsyncSocket socket = AsyncSocket.connect("echo", 7)) {
 *     socket.writeAll("hello\n");
 *     System.out.println(socket.readLine());
 *   }
 * });
 * }</pre>
 *
 * <p><b>Time</b> is virtual: it passes only while all coroutines wait, and then jumps to the next
 * event. {@link GoAsync#sleep}, timeouts and timers use it, and {@link Host#clock} shows it.
 *
 * <p><b>A run fails</b> with a {@link SimulationFailure} if a program throws; if no coroutine can
 * go on (a deadlock); if coroutines or sockets are left after the body of the test has returned and
 * the main coroutines of the hosts were cancelled; if it takes too many steps or too much virtual
 * time; or if real time or another thread would decide the order of events. The message has the
 * seed. {@code -Dgoasync.simulation.seed=17} makes every simulation run this seed alone.
 *
 * <p><b>Threads.</b> {@link Options#run} blocks the calling thread, which must not be a coroutine.
 * docs/guide/simulation.md lists what a simulation does not have.
 */
public final class Simulation {
  /** The system property with the only seed that is run. */
  public static final String SEED_PROPERTY = "goasync.simulation.seed";

  /** The system property with the choices of a shrunk run, as the message of its failure has it. */
  public static final String CHOICES_PROPERTY = "goasync.simulation.choices";

  /** The system property with the maximum number of runs for {@link Options#shrink}. */
  public static final String SHRINK_PROPERTY = "goasync.simulation.shrink";

  private Simulation() {}

  /** A test that runs in a world. Runs once for each seed, so it makes all objects that it uses. */
  @FunctionalInterface
  public interface Scenario {
    /** Runs the test, as the main coroutine of the host {@code test}. */
    void run(World world) throws Exception;
  }

  /**
   * What was run.
   *
   * @param runs the number of runs, each with a seed or schedule of its own
   * @param steps the number of tasks that all runs have run together
   * @param elapsed the virtual time of all runs together
   */
  public record Summary(long runs, long steps, Duration elapsed) {}

  /** Options, followed by {@link Options#run}. */
  public static Options with() {
    return new Options();
  }

  /** Options of a simulation. */
  public static final class Options {
    private long seed = 1;
    private int seeds = 1;
    private Scheduling scheduling = Scheduling.random();
    private long maxSteps = 10_000_000;
    private Duration maxTime = Duration.ofDays(1);
    private Duration stallLimit = Duration.ofSeconds(30);
    private @Nullable Path pictures;
    private int maxShrinkRuns;

    private Options() {}

    /** The first seed. Default 1. */
    public Options seed(long first) {
      seed = first;
      return this;
    }

    /**
     * The number of seeds to run, one after another. Default 1.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Options seeds(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("count must be positive: " + count);
      }
      seeds = count;
      return this;
    }

    /** The strategy that orders what is ready at the same time. Default random. */
    public Options scheduling(Scheduling strategy) {
      scheduling = Objects.requireNonNull(strategy, "strategy");
      return this;
    }

    /**
     * The maximum number of steps of a run; a step lets a coroutine run until its next wait.
     * Default 10 million.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Options maxSteps(long count) {
      if (count < 1) {
        throw new IllegalArgumentException("count must be positive: " + count);
      }
      maxSteps = count;
      return this;
    }

    /**
     * The maximum virtual time of a run. Default one day.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Options maxTime(Duration limit) {
      var _ = Durations.toNanos(limit, "limit");
      maxTime = limit;
      return this;
    }

    /**
     * The real time that a coroutine may run without a wait, before the run fails. Default 30
     * seconds. Longer pauses in a debugger need more.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Options stallLimit(Duration limit) {
      var _ = Durations.toNanos(limit, "limit");
      stallLimit = limit;
      return this;
    }

    /**
     * Draws a run that fails: writes {@code seed-17.html} to a directory of the real disk, which it
     * creates if it is missing. The picture has the hosts as columns, and their last events and
     * messages; a browser shows it. The message of the failure names the file.
     */
    public Options pictures(Path directory) {
      pictures = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /**
     * Makes a run that fails simpler: runs the seed again with fewer random choices, as long as the
     * failure is the same. The choices that are left out take the simplest value: the schedule is
     * in order, and what {@link World#random} and {@link Host#random} draw is 0. So let 0 stand for
     * no fault. The message has the events of the simplest run, and how to run it again.
     *
     * <p>Default 0: a failure is thrown at once. The property {@code goasync.simulation.shrink} has
     * the number for all simulations. Schedules of {@link Scheduling#exhaustive} are not shrunk.
     *
     * @param maxRuns how many runs the search may take
     * @throws IllegalArgumentException if {@code maxRuns} is negative
     */
    public Options shrink(int maxRuns) {
      if (maxRuns < 0) {
        throw new IllegalArgumentException("maxRuns is negative: " + maxRuns);
      }
      maxShrinkRuns = maxRuns;
      return this;
    }

    /**
     * Runs the scenario once for each seed, or for each seed and schedule if {@link
     * Scheduling#exhaustive} is the strategy.
     *
     * @throws SimulationFailure if a run fails; the remaining seeds are not run
     * @throws IllegalStateException if called by a coroutine, or the strategy is exhaustive and
     *     there are too many schedules
     * @throws UnsupportedOperationException in portable mode, in which a coroutine that waits
     *     inside the JDK would stop the simulation; the message has the remedy
     * @throws InterruptedException if the thread is interrupted; the run is abandoned
     */
    public Summary run(Scenario scenario) throws InterruptedException {
      Objects.requireNonNull(scenario, "scenario");
      checkCaller();
      Long only = Long.getLong(SEED_PROPERTY);
      long first = only != null ? only : seed;
      int count = only != null ? 1 : seeds;
      long runs = 0;
      long steps = 0;
      Duration elapsed = Duration.ZERO;
      for (int i = 0; i < count; i++) {
        Schedule.Factory schedules = scheduling.factory();
        do {
          WorldEnd end = runSeed(first + i, schedules, choices(), scenario, false);
          throwIfFailed(first + i, end, schedules, scenario);
          runs++;
          steps += end.steps();
          elapsed = elapsed.plus(end.elapsed());
        } while (schedules instanceof ScheduleTree tree && tree.advance());
      }
      return new Summary(runs, steps, elapsed);
    }

    /**
     * Runs each seed twice and compares the events of the two runs. A difference means that the
     * programs use something which the seed does not decide, such as the order of a {@code HashSet}
     * of objects, the real clock, or state that the first run has left in static fields.
     *
     * @throws SimulationFailure if the runs differ; the message names the first event that does. Or
     *     if a run fails
     * @throws IllegalStateException if called by a coroutine
     * @throws UnsupportedOperationException in portable mode, in which a coroutine that waits
     *     inside the JDK would stop the simulation; the message has the remedy
     * @throws InterruptedException if the thread is interrupted; the run is abandoned
     */
    public void checkDeterminism(Scenario scenario) throws InterruptedException {
      Objects.requireNonNull(scenario, "scenario");
      checkCaller();
      for (long each = seed; each < seed + seeds; each++) {
        WorldEnd one = runSeed(each, scheduling.factory(), choices(), scenario, true);
        WorldEnd two = runSeed(each, scheduling.factory(), choices(), scenario, true);
        String difference = Trace.difference(one.trace(), two.trace());
        if (difference != null) {
          throw new SimulationFailure(
              each, "two runs of seed " + each + " differ: " + difference, null);
        }
        throwIfFailed(each, one, scheduling.factory(), scenario);
      }
    }

    private static void checkCaller() {
      if (!SchedulerAccess.isFullMode()) {
        throw new UnsupportedOperationException(
            "a simulation needs the full mode, and this is " + SchedulerAccess.explanation());
      }
      if (GoAsync.inCoroutine()) {
        throw new IllegalStateException(
            "a simulation cannot run in a coroutine, whose loop it would block; run it on a thread"
                + " outside event loops");
      }
    }

    private WorldEnd runSeed(
        long each,
        Schedule.Factory schedules,
        Choices choices,
        Scenario scenario,
        boolean completeTrace)
        throws InterruptedException {
      SimulatedWorld simulated =
          new SimulatedWorld(
              new WorldOptions(
                  each,
                  schedules,
                  choices,
                  maxSteps,
                  Durations.toNanos(maxTime, "maxTime"),
                  completeTrace,
                  pictures != null,
                  Durations.toNanos(stallLimit, "stallLimit")));
      World world = new World(simulated);
      return simulated.run(
          world::addTestHost,
          () -> {
            scenario.run(world);
            return null;
          });
    }

    private void throwIfFailed(
        long each, WorldEnd end, Schedule.Factory schedules, Scenario scenario)
        throws InterruptedException {
      if (end.problem() == null) {
        return;
      }
      Shrinker.Shrunk shrunk = shrink(each, end, schedules, scenario);
      WorldEnd shown = shrunk == null ? end : shrunk.end();
      String message =
          "seed "
              + each
              + ", "
              + scheduling
              + ": "
              + shown.problem()
              + "\nafter "
              + shown.steps()
              + " steps and "
              + shown.elapsed()
              + "; run it again with -D"
              + SEED_PROPERTY
              + "="
              + each
              + choicesText(shrunk)
              + shown.report();
      throw new SimulationFailure(each, message + draw(each, message, shown), shown.cause());
    }

    private Shrinker.@Nullable Shrunk shrink(
        long each, WorldEnd end, Schedule.Factory schedules, Scenario scenario)
        throws InterruptedException {
      int runs = Integer.getInteger(SHRINK_PROPERTY, maxShrinkRuns);
      boolean canShrink = runs > 0 && !(schedules instanceof ScheduleTree);
      return canShrink && System.getProperty(CHOICES_PROPERTY) == null
          ? new Shrinker(choices -> runSeed(each, schedules, choices, scenario, false), end, runs)
              .shrink()
          : null;
    }

    private static String choicesText(Shrinker.@Nullable Shrunk shrunk) {
      String given = System.getProperty(CHOICES_PROPERTY);
      if (shrunk == null) {
        return given == null ? "" : " -D" + CHOICES_PROPERTY + "=" + given;
      }
      return " -D"
          + CHOICES_PROPERTY
          + "="
          + shrunk.choices()
          + "\nshrunk by "
          + shrunk.runs()
          + " runs: "
          + shrunk.choices().used()
          + " random choices of "
          + shrunk.before()
          + " are left";
    }

    /** The choices of the seed, or those that the property has of a shrunk run. */
    private static Choices choices() {
      String given = System.getProperty(CHOICES_PROPERTY);
      return given == null ? Choices.ofSeed() : Choices.parse(given);
    }

    /** Writes the picture; returns the line about it for the message. */
    private String draw(long each, String message, WorldEnd end) {
      Path directory = pictures;
      Picture picture = end.picture();
      if (directory == null || picture == null) {
        return "";
      }
      Path file = directory.resolve("seed-" + each + ".html");
      try {
        Files.createDirectories(directory);
        Files.writeString(file, picture.toHtml(message));
        return "\npicture: " + file;
      } catch (IOException failed) {
        return "\nno picture: " + failed;
      }
    }
  }
}
