package dev.goasync.inspect;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event loop and its coroutines.
 *
 * @param name the name of the loop
 * @param backend the backend of its I/O; null if it has done no I/O
 * @param thread the name of its thread
 * @param answered whether the loop took part. If not, a coroutine or callback blocks it, or its
 *     thread does not run it now: then the rest was read from outside and may miss changes
 * @param closing whether the loop is being closed
 * @param coroutines how many coroutines have not ended
 * @param turns the number of turns so far
 * @param ready how many coroutines and callbacks are ready to run
 * @param timers how many timers are set
 * @param nextTimer the time until the first of them; null if there is none
 * @param inFlight how many operations the kernel or a worker thread will complete
 * @param longestPause the longest time for which the dump kept the loop from other work
 * @param turnTimes how long its turns took; null if they are not measured
 * @param groups the coroutines by start and wait, the largest group first
 * @param tasks the coroutines that are listed one by one, oldest first
 * @param recent the last events of the loop, newest last, if {@code -Dgoasync.recorder} has the
 *     library record them; else empty
 * @param stack the stack of the loop's thread, or of the coroutine that it runs, if the loop did
 *     not answer
 */
public record LoopDump(
    String name,
    @Nullable String backend,
    String thread,
    boolean answered,
    boolean closing,
    int coroutines,
    long turns,
    int ready,
    int timers,
    @Nullable Duration nextTimer,
    int inFlight,
    Duration longestPause,
    @Nullable TurnTimes turnTimes,
    List<TaskGroup> groups,
    List<TaskDump> tasks,
    List<LoopEvent> recent,
    List<StackTraceElement> stack) {
  /** Copies the lists. */
  public LoopDump {
    groups = List.copyOf(groups);
    tasks = List.copyOf(tasks);
    recent = List.copyOf(recent);
    stack = List.copyOf(stack);
  }

  /** The loop and its coroutines as a tree. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    new TreePrinter(text).print(this);
    return text.toString();
  }
}
