package dev.goasync.inspect;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event of a loop's past, which {@code -Dgoasync.recorder} has the library record.
 *
 * @param age the time from the event to the dump
 * @param kind what happened
 * @param task the {@linkplain TaskDump#id id} of the task that it happened to; 0 if there is none
 * @param name the name that was given to the task; null if there is none
 * @param start the place where the task was started; null if it is unknown
 * @param what the event that a wait is for, without its peer; how a task ended; the reason of a
 *     cancel or the time limit; the line of a stall; null if there is nothing to add
 * @param descriptor the number of the descriptor of a wait; -1 if there is none or it is not known
 * @param took how long the wait, the stall or the turn took; null for other events
 */
public record LoopEvent(
    Duration age,
    Kind kind,
    long task,
    @Nullable String name,
    @Nullable String start,
    @Nullable String what,
    int descriptor,
    @Nullable Duration took) {
  /** The kinds of events. */
  public enum Kind {
    /** The task runs for the first time. */
    TASK_BEGINS,
    /** The task has ended. */
    TASK_ENDS,
    /** The task begins to wait. */
    WAIT_BEGINS,
    /** The wait of the task is over. */
    WAIT_ENDS,
    /** A cancel of the task, or of a part of it, was requested. */
    CANCEL,
    /** A time limit has cancelled a part of the task. */
    DEADLINE,
    /** Code has kept the loop from running anything else; {@code took} is the time so far. */
    STALL,
    /** A turn of the loop took longer than a millisecond. */
    LONG_TURN
  }

  /** The event in one line, which begins with its age in seconds. */
  @Override
  public String toString() {
    return seconds(age) + " ago: " + subject() + predicate();
  }

  private String subject() {
    if (task == 0) {
      return "";
    }
    if (name != null) {
      return "#" + task + " task \"" + name + "\" ";
    }
    return "#" + task + " task " + (start == null ? "" : "started at " + start + " ");
  }

  private String predicate() {
    return switch (kind) {
      case TASK_BEGINS -> "begins";
      case TASK_ENDS -> "has ended: " + what;
      case WAIT_BEGINS -> "waits for " + what + onDescriptor();
      case WAIT_ENDS -> "has waited for " + what + onDescriptor() + during();
      case CANCEL -> "is cancelled: " + what;
      case DEADLINE -> "has reached a time limit: " + what;
      case STALL -> "keeps the loop" + during() + ", at " + what;
      case LONG_TURN -> "a turn of the loop" + during();
    };
  }

  private String onDescriptor() {
    return descriptor < 0 ? "" : ", descriptor " + descriptor;
  }

  private String during() {
    return took == null ? "" : ", for " + seconds(took);
  }

  private static String seconds(Duration time) {
    double seconds = (double) time.toNanos() / TimeUnit.SECONDS.toNanos(1);
    return String.format(Locale.ROOT, "%.6f s", seconds);
  }
}
