package dev.goasync.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test method in a {@link dev.goasync.testing.Simulation}, once for each of many seeds. Each
 * seed is an invocation of its own, and the first one that fails ends the test.
 *
 * <pre>{@code
 * @SimulationTest(seeds = 1_000, regressionSeeds = {17, 203})
 * void theLeaderSurvivesACrash(World world) {
 *   Host leader = world.host("leader", () -> serve());
 *   leader.crash();
 *   leader.restart();
 * }
 * }</pre>
 *
 * <p>The method is the main coroutine of the host {@code test}. It may declare a parameter of type
 * {@link dev.goasync.testing.World}. Other parameters come from other extensions. Methods with
 * {@code @BeforeEach} and {@code @AfterEach} run outside the simulation, on the thread of JUnit.
 *
 * <p><b>Replay.</b> {@code -Dgoasync.simulation.seed=17} runs this seed alone, in each test.
 *
 * <p><b>Errors.</b> A failure is a {@link dev.goasync.testing.SimulationFailure}, whose message has
 * the seed. A wrong value of this annotation is an {@link
 * org.junit.jupiter.api.extension.ExtensionConfigurationException} that names it.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SimulationTestExtension.class)
public @interface SimulationTest {
  /** A strategy that orders what is ready at the same time. */
  enum Order {
    /** {@link dev.goasync.testing.Scheduling#random}. */
    RANDOM,
    /** {@link dev.goasync.testing.Scheduling#pct}, with the depth of the annotation. */
    PCT,
    /** {@link dev.goasync.testing.Scheduling#inOrder}. */
    IN_ORDER,
    /**
     * {@link dev.goasync.testing.Scheduling#exhaustive}, with the maximum of the annotation. One
     * seed runs all schedules.
     */
    EXHAUSTIVE
  }

  /** The number of seeds; one is enough for {@link Order#EXHAUSTIVE}. */
  int seeds() default 100;

  /** The first seed. */
  long firstSeed() default 1;

  /** Seeds that have failed once; they run before the others. */
  long[] regressionSeeds() default {};

  /**
   * How many seeds an invocation runs. With more than one the seeds of an invocation share the test
   * instance, and {@code @BeforeEach} runs once for all.
   */
  int batch() default 1;

  /** The strategy. */
  Order order() default Order.RANDOM;

  /** The depth for {@link Order#PCT}. */
  int depth() default 3;

  /** The maximum number of schedules for {@link Order#EXHAUSTIVE}. */
  long maxSchedules() default 100_000;

  /**
   * The directory for the picture of a run that fails, such as {@code "target/simulation"}; empty
   * for no picture. See {@link dev.goasync.testing.Simulation.Options#pictures}.
   */
  String pictures() default "";

  /**
   * The real time after which no further seed is started, such as {@code "PT10S"}; empty for none.
   * The regression seeds and the first seed run in any case.
   */
  String budget() default "";

  /** The maximum virtual time of a run, such as {@code "PT10M"}. */
  String maxTime() default "P1D";

  /** The maximum number of steps of a run. */
  long maxSteps() default 10_000_000;
}
