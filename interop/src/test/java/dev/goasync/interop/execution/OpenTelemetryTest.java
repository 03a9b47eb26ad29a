package dev.goasync.interop.execution;

import dev.goasync.ContextPropagator;
import dev.goasync.interop.OneLoop;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The context of OpenTelemetry, which holds the current span. */
@Timeout(60)
final class OpenTelemetryTest {
  private static final ContextKey<String> KEY = ContextKey.named("request");

  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  /** Carries the current context, and with it the current span. */
  static ContextPropagator traces() {
    return () -> {
      Context captured = Context.current();
      return captured == Context.root() ? null : work -> captured.wrap(work).run();
    };
  }

  // guide: end

  @Test
  void theContextReachesTheWorkOfACoroutine() throws Exception {
    Hops.check(
        one,
        traces(),
        (value, work) -> Context.current().with(KEY, value).wrap(work).run(),
        () -> Context.current().get(KEY));
  }
}
