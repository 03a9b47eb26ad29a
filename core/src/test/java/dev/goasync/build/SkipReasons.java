package dev.goasync.build;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Says why a test was skipped, which Surefire keeps to itself. Found by JUnit as a service. */
public final class SkipReasons implements TestExecutionListener {
  /** For JUnit. */
  public SkipReasons() {}

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    tell(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      tell(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
    }
  }

  private static void tell(TestIdentifier test, String reason) {
    String name =
        test.getSource()
            .map(source ->
                source instanceof MethodSource method
                    ? method.getClassName() + "." + method.getMethodName()
                    : source.toString())
            .orElse(test.getDisplayName());
    System.out.println("SKIPPED " + name + ": " + reason);
  }
}
