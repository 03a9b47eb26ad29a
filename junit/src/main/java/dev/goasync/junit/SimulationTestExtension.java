package dev.goasync.junit;

import dev.goasync.testing.Scheduling;
import dev.goasync.testing.Simulation;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Provides the invocations of a {@link SimulationTest}, one after another. */
final class SimulationTestExtension implements TestTemplateInvocationContextProvider {
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getTestMethod(), SimulationTest.class);
  }

  /**
   * The stream is lazy: JUnit runs an invocation before it asks for the next one, so the stream
   * ends when one has failed or the budget is used up.
   */
  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Method method = context.getRequiredTestMethod();
    SimulationTest options =
        AnnotationSupport.findAnnotation(method, SimulationTest.class).orElseThrow();
    check(options.seeds(), "seeds");
    check(options.batch(), "batch");
    check(options.depth(), "depth");
    check(options.maxSteps(), "maxSteps");
    check(options.maxSchedules(), "maxSchedules");
    Duration maxTime = duration(options.maxTime(), "maxTime");
    AtomicBoolean stopped = new AtomicBoolean();
    return seeds(options, stopped)
        .map(seeds -> new SeedInvocation(seeds, simulation(options, maxTime, seeds), stopped));
  }

  private static Stream<SeedRange> seeds(SimulationTest options, AtomicBoolean stopped) {
    String only = System.getProperty(Simulation.SEED_PROPERTY);
    if (only != null) {
      return Stream.of(new SeedRange(Long.parseLong(only), 1));
    }
    long end = options.firstSeed() + options.seeds();
    long batches = (options.seeds() + options.batch() - 1L) / options.batch();
    Stream<SeedRange> all =
        LongStream.range(0, batches)
            .map(index -> options.firstSeed() + index * options.batch())
            .mapToObj(first -> new SeedRange(first, (int) Math.min(options.batch(), end - first)));
    Stream<SeedRange> regression =
        Arrays.stream(options.regressionSeeds()).mapToObj(seed -> new SeedRange(seed, 1));
    Budget budget = new Budget(options.budget());
    return Stream.concat(regression, all.takeWhile(_ -> budget.isLeft()))
        .takeWhile(_ -> !stopped.get());
  }

  /** The real time for the seeds. Its time begins when it is first asked, and not to be refused. */
  private static final class Budget {
    private final @Nullable Duration length;
    private long deadline;
    private boolean begun;

    Budget(String text) {
      length = text.isEmpty() ? null : duration(text, "budget");
    }

    boolean isLeft() {
      if (length == null) {
        return true;
      }
      if (!begun) {
        begun = true;
        deadline = System.nanoTime() + length.toNanos();
        return true;
      }
      return System.nanoTime() - deadline < 0;
    }
  }

  private static Simulation.Options simulation(
      SimulationTest options, Duration maxTime, SeedRange seeds) {
    Scheduling scheduling =
        switch (options.order()) {
          case RANDOM -> Scheduling.random();
          case PCT -> Scheduling.pct(options.depth());
          case IN_ORDER -> Scheduling.inOrder();
          case EXHAUSTIVE -> Scheduling.exhaustive(options.maxSchedules());
        };
    Simulation.Options simulation =
        Simulation.with()
            .seed(seeds.first())
            .seeds(seeds.count())
            .scheduling(scheduling)
            .maxSteps(options.maxSteps())
            .maxTime(maxTime);
    return options.pictures().isEmpty()
        ? simulation
        : simulation.pictures(Path.of(options.pictures()));
  }

  private static void check(long value, String name) {
    if (value < 1) {
      throw new ExtensionConfigurationException(name + " must be positive: " + value);
    }
  }

  private static Duration duration(String text, String name) {
    try {
      Duration duration = Duration.parse(text);
      if (duration.isNegative()) {
        throw new ExtensionConfigurationException(name + " is negative: " + text);
      }
      return duration;
    } catch (DateTimeParseException malformed) {
      throw new ExtensionConfigurationException(
          name + " is not a duration such as PT10S: \"" + text + "\"", malformed);
    }
  }
}
