package dev.goasync.inspect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Prints dumps as trees: loops, then the tasks of no scope, each with the tasks of its scopes. */
final class TreePrinter {
  private static final int MAX_DEPTH = 50;

  private final StringBuilder text;

  TreePrinter(StringBuilder text) {
    this.text = text;
  }

  void print(Dump dump) {
    text.append("dump of ").append(dump.time()).append(", taken in ");
    text.append(Texts.duration(dump.took())).append('\n');
    dump.library().lines().forEach(line -> line(1, line));
    if (!dump.findings().isEmpty()) {
      text.append("findings\n");
      dump.findings().forEach(finding -> line(1, finding));
    }
    dump.loops().forEach(this::print);
    if (!dump.threads().isEmpty()) {
      text.append("threads\n");
      dump.threads().forEach(thread -> line(1, thread.toString()));
    }
    if (dump.offload() != null) {
      text.append("offload pool\n");
      line(1, dump.offload().toString());
    }
    if (!dump.stalls().isEmpty()) {
      text.append("stalls\n");
      dump.stalls().forEach(stall -> line(1, stall.toString()));
    }
    if (!dump.open().isEmpty()) {
      text.append("open files, sockets and pipes\n");
      dump.open().forEach(open -> line(1, open.toString()));
    }
  }

  void print(LoopDump loop) {
    text.append("loop ").append(loop.name());
    text.append(loop.answered() ? "" : ", which does not answer");
    text.append(loop.closing() ? ", closing" : "").append('\n');
    line(
        1,
        "%s, %d turns, %d coroutines, %d ready, %d timers%s, %d operations in flight"
            .formatted(
                loop.backend() == null ? "no I/O yet" : loop.backend(),
                loop.turns(),
                loop.coroutines(),
                loop.ready(),
                loop.timers(),
                loop.nextTimer() == null
                    ? ""
                    : " (next in " + Texts.duration(loop.nextTimer()) + ")",
                loop.inFlight()));
    if (loop.turnTimes() != null) {
      line(1, loop.turnTimes().toString());
    }
    printStack(loop.stack(), 2);
    if (loop.tasks().size() < loop.coroutines()) {
      line(1, "groups");
      loop.groups().forEach(group -> line(2, group.toString()));
      line(1, "examples, and tasks that others wait for");
    }
    printTasks(loop.tasks());
    if (!loop.recent().isEmpty()) {
      line(1, "recent events");
      loop.recent().forEach(event -> line(2, event.toString()));
    }
  }

  private void printTasks(List<TaskDump> tasks) {
    Map<Long, List<TaskDump>> byParent = new LinkedHashMap<>();
    Set<Long> listed = new HashSet<>();
    tasks.forEach(task -> listed.add(task.id()));
    for (TaskDump task : tasks) {
      long parent = listed.contains(task.parent()) ? task.parent() : 0;
      byParent.computeIfAbsent(parent, _ -> new ArrayList<>()).add(task);
    }
    printChildren(byParent, 0, 1);
  }

  private void printChildren(Map<Long, List<TaskDump>> byParent, long parent, int depth) {
    for (TaskDump task : byParent.getOrDefault(parent, List.of())) {
      line(depth, "#" + task.id() + " " + task.title());
      line(depth + 2, Texts.activity(task));
      printStack(task.stack(), depth + 3);
      if (depth < MAX_DEPTH) {
        printChildren(byParent, task.id(), depth + 1);
      }
    }
  }

  private void printStack(List<StackTraceElement> stack, int depth) {
    stack.forEach(frame -> line(depth, "at " + frame));
  }

  private void line(int depth, String content) {
    text.repeat("  ", depth).append(content).append('\n');
  }
}
