package dev.goasync.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs each test method in a coroutine of a {@link dev.goasync.testing.TestLoop}, whose clock is
 * virtual: a sleep of an hour takes no time.
 *
 * <pre>{@code
 * @OnTestLoop
 * final class RetryTest {
 *   @Test
 *   void givesUpAfterAnHour(TestLoop loop) {
 *     GoAsync.sleep(Duration.ofHours(1));
 *     assertEquals(Duration.ofHours(1), loop.elapsed());
 *   }
 * }
 * }</pre>
 *
 * <p>Methods with {@code @BeforeEach}, {@code @Test} and {@code @AfterEach}, test factories and the
 * dynamic tests that they return run in the same coroutine, so they see the same thread locals.
 * Constructors, {@code @BeforeAll} and {@code @AfterAll} run on the thread of JUnit. A method may
 * declare a parameter of type {@code TestLoop}.
 *
 * <p>The loop is closed after {@code @AfterEach}. The test fails if a coroutine, a timer or an
 * operation is left in it.
 *
 * <p><b>Time limits.</b> {@code @Timeout} works in the default mode, which interrupts the thread of
 * the test. The mode {@code SEPARATE_THREAD} runs a method on a thread without the loop, so the
 * test fails with an {@link IllegalStateException} that says what to change.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnTestLoopExtension.class)
public @interface OnTestLoop {}
