package dev.goasync.interop.execution;

import dev.goasync.ContextPropagator;
import dev.goasync.interop.OneLoop;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Micrometer's context propagation: the thread locals that libraries have registered. */
@Timeout(60)
final class MicrometerTest {
  private static final ThreadLocal<String> REQUEST = new ThreadLocal<>();

  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  /** Carries all values that are registered with Micrometer, such as its observations. */
  static ContextPropagator snapshots() {
    ContextSnapshotFactory factory = ContextSnapshotFactory.builder().build();
    return () -> {
      ContextSnapshot captured = factory.captureAll();
      return work -> captured.wrap(work).run();
    };
  }

  // guide: end

  @Test
  void registeredValuesReachTheWorkOfACoroutine() throws Exception {
    ContextRegistry.getInstance().registerThreadLocalAccessor("request", REQUEST);
    try {
      Hops.check(
          one,
          snapshots(),
          (value, work) -> {
            REQUEST.set(value);
            try {
              work.run();
            } finally {
              REQUEST.remove();
            }
          },
          REQUEST::get);
    } finally {
      ContextRegistry.getInstance().removeThreadLocalAccessor("request");
    }
  }
}
