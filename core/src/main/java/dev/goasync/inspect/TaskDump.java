package dev.goasync.inspect;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One coroutine: of a task, or of a thread of {@code EventLoop.threadFactory()}.
 *
 * @param id identifies the coroutine in this dump and in others; a later start has a larger id
 * @param parent the id of the coroutine that runs the scope of this task; 0 if there is none
 * @param name the name that it was given; null if there is none
 * @param start the place where it was started; null if it is not known
 * @param state what it does
 * @param waitsFor what it waits for; null if it does not wait, or waits inside the JDK
 * @param place the first line of its stack that is not of the library or the JDK; null if it is not
 *     known
 * @param deadline the time until a limit cancels it; null if there is none
 * @param shielded whether a shield protects it from cancels now
 * @param cancel the reason of a cancel that it has not ended on yet; null if there is none
 * @param queuedBehind how many tasks of its scope begin only when others end
 * @param stack its stack, if the dump was asked for it
 */
public record TaskDump(
    long id,
    long parent,
    @Nullable String name,
    @Nullable String start,
    State state,
    @Nullable WaitDump waitsFor,
    @Nullable String place,
    @Nullable Duration deadline,
    boolean shielded,
    @Nullable String cancel,
    int queuedBehind,
    List<StackTraceElement> stack) {
  /** What a coroutine does. */
  public enum State {
    /** It has not begun. */
    STARTING,
    /** It runs now, on the thread of its loop. */
    RUNNING,
    /** It is ready, and waits for its turn. */
    READY,
    /** It waits, see {@link TaskDump#waitsFor}. */
    WAITING,
    /** It waits in a class of the JDK, such as a lock or a queue. */
    WAITING_IN_JDK
  }

  /** Copies the list. */
  public TaskDump {
    stack = List.copyOf(stack);
  }

  /** The name, or the place of the start, as the subject of a sentence. */
  public String title() {
    String title = name == null ? "task #" + id : "task \"" + name + "\"";
    return start == null ? title : title + " started at " + start;
  }

  /** What the coroutine does, as the rest of a sentence whose subject is the {@link #title}. */
  public String activity() {
    return Texts.activity(this);
  }

  /** Describes what the coroutine does in one sentence. */
  @Override
  public String toString() {
    return title() + " " + activity();
  }
}
