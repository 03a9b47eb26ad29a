package dev.goasync.internal.inspect;

import dev.goasync.inspect.TaskDump;
import dev.goasync.inspect.WaitDump;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.loop.WaitDetails;
import dev.goasync.internal.task.TaskInspection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was read of one coroutine on its loop. What may be read later, since it never changes, is
 * read by {@link #toDump}, on the thread that takes the dump.
 */
final class RawTask {
  private static final StackTraceElement[] NO_STACK = {};

  final Fiber fiber;
  final long id;
  private final Inspection.State state;
  private final @Nullable WaitDetails details;
  private final @Nullable Object kind;

  /** The coroutines that must proceed first; those that another loop knows are added later. */
  final Set<Fiber> blockers;

  private final @Nullable Fiber parent;
  private final int queuedBehind;
  private final long remainingNanos;
  private final boolean shielded;
  private final @Nullable String cancel;
  private final StackTraceElement[] stack;
  private final StackTraceElement[] helperStack;

  /** Reads the coroutine. The loop's thread; on another thread it may throw anything. */
  RawTask(Fiber fiber) {
    this.fiber = fiber;
    this.id = fiber.thread().threadId();
    this.state = Inspection.stateOf(fiber);
    Wait wait = state == Inspection.State.WAITING ? fiber.waiting() : null;
    this.details = wait == null ? null : wait.details();
    this.kind = wait == null ? null : wait.kind();
    this.blockers = wait == null ? new LinkedHashSet<>() : WaitGraph.blockersOf(wait);
    this.parent = TaskInspection.scopeOwnerOf(fiber);
    this.queuedBehind = TaskInspection.queuedBehind(fiber);
    this.remainingNanos = fiber.remainingNanos();
    this.shielded = Inspection.isShielded(fiber);
    this.cancel = Inspection.cancelReasonOf(fiber);
    this.stack = fiber.thread().getStackTrace();
    Thread helper = details == null ? null : details.thread();
    this.helperStack = helper == null ? NO_STACK : helper.getStackTrace();
  }

  void addRemoteBlocker(WaitGraph graph) {
    Fiber blocker = graph.remoteBlockerOf(fiber);
    if (blocker != null) {
      blockers.add(blocker);
    }
  }

  /**
   * The coroutine for the dump.
   *
   * @param running whether the coroutine blocks its loop
   */
  TaskDump toDump(boolean running, boolean withStack) {
    Object site = TaskInspection.siteOf(fiber);
    return new TaskDump(
        id,
        parent == null ? 0 : parent.thread().threadId(),
        TaskInspection.nameOf(fiber),
        site == null ? null : site.toString(),
        running ? TaskDump.State.RUNNING : stateForDump(state),
        waitForDump(),
        Places.firstOfUser(stack),
        remainingNanos == Poller.FOREVER || cancel != null
            ? null
            : Duration.ofNanos(remainingNanos),
        shielded,
        cancel,
        queuedBehind,
        withStack ? List.of(stack) : List.of());
  }

  static TaskDump.State stateForDump(Inspection.State state) {
    return switch (state) {
      case STARTING -> TaskDump.State.STARTING;
      case RUNNABLE -> TaskDump.State.READY;
      case WAITING -> TaskDump.State.WAITING;
      case WAITING_IN_JDK -> TaskDump.State.WAITING_IN_JDK;
    };
  }

  private @Nullable WaitDump waitForDump() {
    WaitDetails wait = details;
    if (wait == null || kind == null) {
      return null;
    }
    List<Long> ids = new ArrayList<>();
    blockers.forEach(blocker -> ids.add(blocker.thread().threadId()));
    Thread helper = wait.thread();
    Object subject = wait.subject();
    return new WaitDump(
        wait.what(),
        kind.toString(),
        subject == null ? null : subject.toString(),
        wait.descriptor(),
        wait.bytes(),
        wait.nanosLeft() < 0 ? null : Duration.ofNanos(wait.nanosLeft()),
        helper == null ? null : helper.getName(),
        Places.firstOfUser(helperStack),
        ids);
  }
}
