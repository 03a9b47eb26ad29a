package dev.goasync.conformance;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** Fails a test that is skipped for a reason which is not a row of {@link Differences}. */
final class ListedSkips
    implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    throw checked(thrown);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    throw checked(thrown);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    throw checked(thrown);
  }

  static Throwable checked(Throwable thrown) {
    return thrown instanceof TestAbortedException
            && !Differences.isListed(String.valueOf(thrown.getMessage()))
        ? new AssertionError("skipped, and docs/BACKENDS.md has no row for it", thrown)
        : thrown;
  }
}
