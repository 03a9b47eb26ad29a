package dev.goasync.internal.inspect;

import dev.goasync.inspect.LoopEvent;
import dev.goasync.inspect.LoopEvent.Kind;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.loop.Tracer;
import dev.goasync.internal.loop.Tracing;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.loop.WaitDetails;
import dev.goasync.internal.task.TaskInspection;
import dev.goasync.internal.util.Settings;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Records the last events of one loop in a ring buffer, for dumps. The slots are made at once; an
 * event allocates nothing, but a wait one small object, which has its begin until its end. A slot
 * refers to names, places and the locks or channels of waits, but not to tasks or their results.
 *
 * <p>Protocol: almost all events are those of the loop's thread, but any thread may request a
 * cancel, and a dump reads while the loop runs or is stuck. So an event takes the next number, and
 * with it a slot, whose entry in {@link #numbers} goes from the number of an older event to {@link
 * #BUSY}, and to the new number when the slot is written. An event that finds its slot busy is
 * lost: its writer is a whole ring ahead of another. A reader compares the entry before and after
 * it copies the slot, and leaves out a slot that has changed.
 */
public final class EventRecorder extends Tracer {
  private static final long LONG_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** In {@link #numbers}: no event yet. The first event has the number 1. */
  private static final long EMPTY = 0;

  /** In {@link #numbers}: a thread writes the slot. */
  private static final long BUSY = -1;

  private static final long NO_TIME = -1;

  private static final class Slot {
    private Kind kind = Kind.TASK_BEGINS;
    private long time;
    private long task;
    private @Nullable String name;
    private @Nullable Object start;
    private @Nullable Object what;
    private int descriptor;
    private long took;
  }

  /** The begin of a wait, whose object may be in use for another wait at its end. */
  private record Begun(long time, Object kind, int descriptor) {}

  private final Slot[] slots;
  private final AtomicLongArray numbers;
  private final AtomicLong next = new AtomicLong(EMPTY + 1);
  private long turnBegin;

  /** Created by reflection, with the number of events that the property asks for. */
  public EventRecorder() {
    this(Integer.getInteger(Tracing.RECORDER_PROPERTY, 1));
  }

  /** Records so many events, rounded up to a power of two. */
  EventRecorder(int events) {
    int wanted = Math.clamp(events, 1, Settings.MAX_RECORDED);
    int size = Integer.highestOneBit(2 * wanted - 1);
    slots = new Slot[size];
    for (int i = 0; i < size; i++) {
      slots[i] = new Slot();
    }
    numbers = new AtomicLongArray(size);
  }

  /** The last events of the loop, oldest first; none if they are not recorded. Any thread. */
  static List<LoopEvent> recentOf(Loop loop, int max) {
    Tracer tracer = Tracer.of(loop);
    EventRecorder recorder = tracer == null ? null : tracer.find(EventRecorder.class);
    return recorder == null ? List.of() : recorder.recent(max);
  }

  // ---- writing ----

  private void record(
      Kind kind, @Nullable Fiber fiber, @Nullable Object what, int descriptor, long took) {
    long number = next.getAndIncrement();
    int index = (int) number & (slots.length - 1);
    long before = numbers.getPlain(index);
    if (before == BUSY || !numbers.compareAndSet(index, before, BUSY)) {
      return;
    }
    Slot slot = slots[index];
    slot.kind = kind;
    slot.time = TimeSource.SYSTEM.nanoTime();
    slot.task = fiber == null ? 0 : fiber.thread().threadId();
    slot.name = fiber == null ? null : TaskInspection.nameOf(fiber);
    slot.start = fiber == null ? null : TaskInspection.siteOf(fiber);
    slot.what = what;
    slot.descriptor = descriptor;
    slot.took = took;
    numbers.setRelease(index, number);
  }

  private void record(Kind kind, Fiber fiber, @Nullable Object what) {
    record(kind, fiber, what, WaitDetails.NO_DESCRIPTOR, NO_TIME);
  }

  @Override
  public @Nullable Object taskBegins(Fiber fiber) {
    record(Kind.TASK_BEGINS, fiber, null);
    return null;
  }

  /** Records the class of a failure, since its message may be computed by code of the user. */
  @Override
  public void taskEnded(Fiber fiber, @Nullable Object begun) {
    Throwable failure = TaskInspection.failureOf(fiber);
    Object outcome = failure == null ? "completed" : failure.getClass();
    record(Kind.TASK_ENDS, fiber, TaskInspection.wasCancelled(fiber) ? "cancelled" : outcome);
  }

  @Override
  protected Object waitBegins(Fiber fiber, Wait wait) {
    var begun = new Begun(TimeSource.SYSTEM.nanoTime(), wait.kind(), wait.descriptor());
    record(Kind.WAIT_BEGINS, fiber, begun.kind, begun.descriptor, NO_TIME);
    return begun;
  }

  @Override
  protected void waitEnded(Fiber fiber, Wait wait, @Nullable Object begun) {
    if (begun instanceof Begun begin) {
      long took = TimeSource.SYSTEM.nanoTime() - begin.time;
      record(Kind.WAIT_ENDS, fiber, begin.kind, begin.descriptor, took);
    }
  }

  @Override
  protected void cancelRequested(Fiber fiber, String reason) {
    record(Kind.CANCEL, fiber, reason);
  }

  @Override
  protected void limitReached(Fiber fiber, String reason) {
    record(Kind.DEADLINE, fiber, reason);
  }

  @Override
  protected @Nullable Object turnBegins(Loop loop) {
    turnBegin = TimeSource.SYSTEM.nanoTime();
    return null;
  }

  @Override
  protected void turnEnded(Loop loop, long tasksRun, @Nullable Object begun) {
    long took = TimeSource.SYSTEM.nanoTime() - turnBegin;
    if (took > LONG_TURN_NANOS) {
      record(Kind.LONG_TURN, null, null, WaitDetails.NO_DESCRIPTOR, took);
    }
  }

  @Override
  public void stalled(Loop loop, @Nullable Fiber running, String place, Duration time) {
    record(Kind.STALL, running, place, WaitDetails.NO_DESCRIPTOR, time.toNanos());
  }

  // ---- reading ----

  /** The last events, at most {@code max} of them, oldest first. Any thread. */
  List<LoopEvent> recent(int max) {
    long end = next.get();
    long now = TimeSource.SYSTEM.nanoTime();
    long first = Math.max(EMPTY + 1, end - Math.min(max, slots.length));
    List<LoopEvent> events = new ArrayList<>();
    IdentityHashMap<Object, String> places = new IdentityHashMap<>();
    for (long number = first; number < end; number++) {
      Slot copy = copy(number);
      if (copy != null) {
        events.add(toEvent(copy, now, places));
      }
    }
    return events;
  }

  private @Nullable Slot copy(long number) {
    int index = (int) number & (slots.length - 1);
    if (numbers.getAcquire(index) != number) {
      return null;
    }
    Slot slot = slots[index];
    Slot copy = new Slot();
    copy.kind = slot.kind;
    copy.time = slot.time;
    copy.task = slot.task;
    copy.name = slot.name;
    copy.start = slot.start;
    copy.what = slot.what;
    copy.descriptor = slot.descriptor;
    copy.took = slot.took;
    VarHandle.loadLoadFence();
    return numbers.getOpaque(index) == number ? copy : null;
  }

  private static LoopEvent toEvent(Slot slot, long now, IdentityHashMap<Object, String> places) {
    Object site = slot.start;
    return new LoopEvent(
        Duration.ofNanos(Math.max(0, now - slot.time)),
        slot.kind,
        slot.task,
        slot.name,
        site == null ? null : places.computeIfAbsent(site, Object::toString),
        text(slot.what),
        slot.descriptor,
        slot.took == NO_TIME ? null : Duration.ofNanos(slot.took));
  }

  private static @Nullable String text(@Nullable Object what) {
    return switch (what) {
      case null -> null;
      case Class<?> failure -> "failed: " + failure.getName();
      default -> what.toString();
    };
  }
}
