package dev.goasync.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/** The outcome of a test class that JUnit's launcher has run. */
final class Launched implements TestExecutionListener {
  /** One test or container; {@code failure} is empty if it has passed. */
  record Outcome(String name, TestExecutionResult result) {
    String failure() {
      return result.getThrowable().map(Throwable::toString).orElse("");
    }
  }

  private final List<Outcome> outcomes = new ArrayList<>();

  /** Runs all tests of a class. */
  static Launched run(Class<?> type) {
    Launched launched = new Launched();
    LauncherFactory.create().execute(request().selectors(selectClass(type)).build(), launched);
    return launched;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest() || result.getThrowable().isPresent()) {
      outcomes.add(new Outcome(test.getDisplayName(), result));
    }
  }

  /** The names of the tests that have ended, and of containers that have failed. */
  List<String> names() {
    return outcomes.stream().map(Outcome::name).toList();
  }

  /** The failures, in their order. */
  List<String> failures() {
    return outcomes.stream().map(Outcome::failure).filter(text -> !text.isEmpty()).toList();
  }

  /** How the last test has ended. */
  TestExecutionResult.Status lastStatus() {
    return outcomes.getLast().result().getStatus();
  }
}
