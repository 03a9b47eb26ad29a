package dev.goasync.inspector;

import dev.goasync.inspect.Dump;
import dev.goasync.inspect.LoopDump;
import dev.goasync.inspect.TaskDump;
import dev.goasync.inspect.WaitDump;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Since when coroutines have been seen, and since when in the same wait: the library records no
 * times of its own. Used by one thread.
 */
final class Ages {
  private record Seen(long first, long sinceWait, Object event) {}

  private Map<Long, Seen> tasks = new HashMap<>();

  void forget() {
    tasks.clear();
  }

  void update(Dump dump, long now) {
    Map<Long, Seen> next = new HashMap<>();
    for (LoopDump loop : dump.loops()) {
      for (TaskDump task : loop.tasks()) {
        Object event = waitOf(task);
        Seen before = tasks.get(task.id());
        if (before == null) {
          next.put(task.id(), new Seen(now, now, event));
        } else if (before.event.equals(event)) {
          next.put(task.id(), before);
        } else {
          next.put(task.id(), new Seen(before.first, now, event));
        }
      }
    }
    tasks = next;
  }

  /** What stays equal during one wait: a timer's remaining time does not. */
  private static Object waitOf(TaskDump task) {
    WaitDump wait = task.waitsFor();
    return wait == null ? task.state() : wait.what() + " " + wait.descriptor();
  }

  /** Appends an object: the id to an array of both times in seconds. */
  void appendTo(StringBuilder json, long now) {
    json.append('{');
    String separator = "";
    for (var entry : tasks.entrySet()) {
      Seen seen = entry.getValue();
      json.append(separator).append('"').append(entry.getKey()).append("\":[");
      json.append(seconds(now - seen.first)).append(',').append(seconds(now - seen.sinceWait));
      json.append(']');
      separator = ",";
    }
    json.append('}');
  }

  static String seconds(long nanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
    return millis / 1000 + "." + millis % 1000 / 100;
  }
}
