package dev.goasync.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Throttle;
import org.jspecify.annotations.Nullable;

/** The events of coroutines. Their thread is the coroutine's virtual thread, unless said so. */
final class TaskEvents {
  private TaskEvents() {}

  @Name("dev.goasync.TaskStart")
  @Label("Task Start")
  @Description("A task has begun to run; off by default")
  @Category("GoAsync")
  @Enabled(false)
  @StackTrace(false)
  static final class TaskStart extends Event {
    @Label("Task")
    @Nullable String task;

    @Label("Started At")
    @Nullable String start;

    @Label("Loop")
    @Nullable String loop;
  }

  @Name("dev.goasync.Task")
  @Label("Task")
  @Description("A task from its first run to its end")
  @Category("GoAsync")
  @Threshold("20 ms")
  @Throttle("1000/s")
  @StackTrace(false)
  static final class TaskRun extends Event {
    @Label("Task")
    @Nullable String task;

    @Label("Started At")
    @Nullable String start;

    @Label("Loop")
    @Nullable String loop;

    @Label("Outcome")
    @Description("completed, failed or cancelled")
    @Nullable String outcome;

    @Label("Failure")
    @Nullable String failure;
  }

  @Name("dev.goasync.Suspend")
  @Label("Suspend")
  @Description("A coroutine was paused")
  @Category("GoAsync")
  @Threshold("20 ms")
  @Throttle("300/s")
  static final class Suspend extends Event {
    @Label("Task")
    @Nullable String task;

    @Label("Started At")
    @Nullable String start;

    @Label("Loop")
    @Nullable String loop;

    @Label("Waited For")
    @Nullable String operation;

    @Label("Subject")
    @Description("The address, path or name behind the operation")
    @Nullable String subject;

    @Label("Descriptor")
    @Description("The number of the descriptor; -1 if there is none")
    int descriptor;

    @Label("Bytes Wanted")
    @Description("-1 if the operation transfers none")
    @DataAmount
    long bytes;

    @Label("Cancelled")
    boolean cancelled;
  }

  @Name("dev.goasync.Cancel")
  @Label("Cancel")
  @Description("A cancel was requested; the thread and the stack are those of the request")
  @Category("GoAsync")
  @Throttle("300/s")
  static final class Cancel extends Event {
    @Label("Task")
    @Nullable String task;

    @Label("Started At")
    @Nullable String start;

    @Label("Loop")
    @Nullable String loop;

    @Label("Reason")
    @Nullable String reason;
  }

  @Name("dev.goasync.Deadline")
  @Label("Deadline")
  @Description("A time limit has cancelled a part of a task")
  @Category("GoAsync")
  @Throttle("300/s")
  @StackTrace(false)
  static final class Deadline extends Event {
    @Label("Task")
    @Nullable String task;

    @Label("Started At")
    @Nullable String start;

    @Label("Loop")
    @Nullable String loop;

    @Label("Reason")
    @Nullable String reason;
  }
}
