package dev.goasync.internal.deadlock;

import dev.goasync.internal.loop.Conclusions;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Wait;
import java.util.List;

/** The text of a deadlock report: what each fiber of a loop waits for. */
final class DeadlockReport {
  private static final int MAX_LISTED = 100;

  private DeadlockReport() {}

  /** Never throws, though descriptions may call code of the user. Loop's thread. */
  static String of(Loop loop) {
    try {
      return describe(loop);
    } catch (Throwable thrown) {
      return "deadlock in " + loop.name() + ", whose description threw " + thrown.getClass();
    }
  }

  private static String describe(Loop loop) {
    List<Fiber> fibers = loop.fibers();
    var report = new StringBuilder("deadlock in ").append(loop.name()).append(": ");
    report.append(
        switch (fibers.size()) {
          case 0 -> "a thread waits for it, and it has no coroutine";
          case 1 -> "its only coroutine waits";
          default -> "all its coroutines wait";
        });
    report.append(", and no I/O, timer or other thread is left that could wake one");
    fibers.stream().limit(MAX_LISTED).forEach(fiber -> append(report, fiber));
    if (fibers.size() > MAX_LISTED) {
      report.append("\n  and ").append(fibers.size() - MAX_LISTED).append(" more");
    }
    Conclusions.appendTo(report);
    Conclusions.appendRecent(report, loop);
    return report.toString();
  }

  private static void append(StringBuilder report, Fiber fiber) {
    Wait wait = fiber.waiting();
    report.append("\n  ").append(fiber.describe()).append(" waits for ");
    report.append(wait == null ? "something inside the JDK" : wait.describe());
    for (StackTraceElement frame : fiber.thread().getStackTrace()) {
      if (!isOfLibrary(frame)) {
        report.append("\n      at ").append(frame);
        break;
      }
    }
  }

  private static boolean isOfLibrary(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("java.")
        || type.startsWith("jdk.")
        || type.startsWith("dev.goasync.internal.")
        || type.startsWith("dev.goasync.sync.")
        || type.equals("dev.goasync.GoAsync")
        || type.equals("dev.goasync.Task");
  }
}
