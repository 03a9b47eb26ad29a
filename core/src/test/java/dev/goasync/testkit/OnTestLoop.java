package dev.goasync.testkit;

import dev.goasync.testing.TestLoop;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Passes an open {@link TestLoop} to each test method, or to the constructor, that declares one as
 * a parameter. The loop is closed after the test, which fails if something is left in the loop, and
 * {@link NoLeaks} checks the rest.
 *
 * <pre>{@code
 * @OnTestLoop
 * final class SleepTest {
 *   @Test
 *   void anHourTakesNoTime(TestLoop loop) throws Exception {
 *     loop.run(() -> GoAsync.sleep(Duration.ofHours(1)));
 *     assertThat(loop.elapsed()).isEqualTo(Duration.ofHours(1));
 *   }
 * }
 * }</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({NoLeaks.class, OnTestLoop.Resolver.class})
public @interface OnTestLoop {
  /** Opens the loop on the test's thread and closes it before the leak check. */
  final class Resolver implements ParameterResolver, AfterEachCallback {
    private static final ThreadLocal<@Nullable TestLoop> OPEN = new ThreadLocal<>();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TestLoop.class;
    }

    @Override
    public TestLoop resolveParameter(ParameterContext parameter, ExtensionContext context) {
      TestLoop loop = OPEN.get();
      if (loop == null) {
        loop = TestLoop.open();
        OPEN.set(loop);
      }
      return loop;
    }

    @Override
    public void afterEach(ExtensionContext context) {
      TestLoop loop = OPEN.get();
      if (loop != null) {
        OPEN.remove();
        loop.close();
      }
    }
  }
}
