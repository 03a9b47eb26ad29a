package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.util.Collection;

/** The text about the coroutines of a world: per host, what each waits for and where. */
final class Report {
  private static final int MAX_LISTED = 100;

  private Report() {}

  static String of(Collection<SimulatedHost> hosts) {
    var text = new StringBuilder();
    for (SimulatedHost host : hosts) {
      HostRun run = host.current();
      text.append("\n").append(host);
      if (run == null) {
        text.append(" is down");
        continue;
      }
      append(text, run);
      for (ChildProgram child : run.children) {
        text.append("\n ").append(child.name());
        append(text, child.run());
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, HostRun run) {
    for (SimulatedLoop loop : run.loops()) {
      loop.stepper().fibers().stream().limit(MAX_LISTED).forEach(f -> append(text, f));
    }
  }

  private static void append(StringBuilder text, Fiber fiber) {
    Wait wait = fiber.waiting();
    text.append("\n  ").append(fiber.describe());
    if (wait != null) {
      text.append(" waits for ").append(wait.describe());
    } else {
      text.append(" is ready, or waits inside the JDK");
    }
    for (StackTraceElement frame : fiber.thread().getStackTrace()) {
      if (!isOfLibrary(frame.getClassName())) {
        text.append("\n      at ").append(frame);
        break;
      }
    }
  }

  private static boolean isOfLibrary(String type) {
    return type.startsWith("java.")
        || type.startsWith("jdk.")
        || (type.startsWith("dev.goasync.") && !type.contains("Test"));
  }
}
