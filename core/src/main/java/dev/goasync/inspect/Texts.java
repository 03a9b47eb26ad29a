package dev.goasync.inspect;

import java.time.Duration;

/** The words of dumps. */
final class Texts {
  private Texts() {}

  /** What a coroutine does, as the rest of a sentence. */
  static String activity(TaskDump task) {
    var text = new StringBuilder();
    text.append(task.waitsFor() != null ? "waits for " + task.waitsFor() : of(task.state()));
    if (task.place() != null) {
      text.append(", at ").append(task.place());
    }
    if (task.deadline() != null) {
      text.append(", limited to ").append(duration(task.deadline()));
    }
    if (task.cancel() != null) {
      text.append(", cancelled: ").append(task.cancel());
    }
    if (task.shielded()) {
      text.append(", shielded from cancels");
    }
    return text.toString();
  }

  static String of(TaskDump.State state) {
    return switch (state) {
      case STARTING -> "has not begun";
      case RUNNING -> "runs";
      case READY -> "is ready to run";
      case WAITING -> "waits";
      case WAITING_IN_JDK -> "waits inside the JDK";
    };
  }

  /** A duration in seconds or milliseconds, such as {@code 2.5 s}. */
  static String duration(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1000 ? millis + " ms" : millis / 1000 + "." + millis % 1000 / 100 + " s";
  }
}
