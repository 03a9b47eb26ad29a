package dev.goasync.conformance;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.vthread.SchedulerAccess;
import java.util.EnumMap;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints how many cases passed, by backend and mode. JUnit finds it as a service. */
public final class ConformanceReport implements TestExecutionListener {
  private static final TestTag TAG = TestTag.create(Conformance.TAG);

  private final Map<Status, Integer> counts = new EnumMap<>(Status.class);

  /** Called by JUnit. */
  public ConformanceReport() {}

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest()) {
      count(test, result.getStatus());
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    count(test, Status.ABORTED);
  }

  private synchronized void count(TestIdentifier test, Status status) {
    if (test.getTags().contains(TAG)) {
      counts.merge(status, 1, Integer::sum);
    }
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    if (!counts.isEmpty()) {
      System.out.printf(
          "conformance: %s, %s: %d passed, %d skipped, %d failed%n",
          Backends.describe(),
          SchedulerAccess.isFullMode() ? "full" : "portable",
          counts.getOrDefault(Status.SUCCESSFUL, 0),
          counts.getOrDefault(Status.ABORTED, 0),
          counts.getOrDefault(Status.FAILED, 0));
    }
  }
}
