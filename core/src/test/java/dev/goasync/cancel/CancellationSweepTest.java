package dev.goasync.cancel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Action;
import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cancels each operation at each point: it ends by a CancellationException or with its result,
 * nothing is lost, doubled or left open, and what it worked on can be used further.
 */
@Conformance
final class CancellationSweepTest {
  /** When the cancel comes. */
  enum Point {
    /** The coroutine has not begun. */
    BEFORE_THE_COROUTINE,
    /** The coroutine is cancelled when it comes to the operation. */
    BEFORE_THE_OPERATION,
    /** The operation is queued and the kernel does not know of it. */
    QUEUED,
    /** The operation waits. */
    WAITING,
    /** The operation can end, of which its loop does not know. */
    RELEASED,
    /** While the operation ends, at different points of the loop's turn. */
    ENDING_1,
    ENDING_2,
    ENDING_3;

    Point next() {
      return switch (this) {
        case RELEASED -> ENDING_1;
        case ENDING_1 -> ENDING_2;
        default -> ENDING_3;
      };
    }
  }

  private static final Map<String, Function<Path, CancelRow>> ROWS = new LinkedHashMap<>();

  static {
    FileRows.addTo(ROWS::put);
    SpaceRows.addTo(ROWS::put);
    PathRows.addTo(ROWS::put);
    SocketRows.addTo(ROWS::put);
    DescriptorRows.addTo(ROWS::put);
    ReadinessRows.addTo(ROWS::put);
    MemoryRows.addTo(ROWS::put);
    ProcessRows.addTo(ROWS::put);
  }

  static Stream<Arguments> sweep() {
    List<Arguments> all = new ArrayList<>();
    ROWS.forEach((name, row) -> {
      boolean releases = row.apply(Path.of("unused")).releases();
      for (Point point : Point.values()) {
        if (releases || point.compareTo(Point.RELEASED) < 0) {
          all.add(Arguments.of(name, point));
        }
      }
    });
    return all.stream();
  }

  @TempDir Path dir;

  private void inCoroutine(Action<?> body) throws Exception {
    Caller.COROUTINE.run(body);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource
  void sweep(String name, Point point) throws Exception {
    inCoroutine(() -> {
      CancelRow row = Objects.requireNonNull(ROWS.get(name)).apply(dir);
      boolean releases = point.compareTo(Point.RELEASED) >= 0;
      Differences.assumeNone(row.obstacle());
      try {
        row.open();
        Object result = cancelled(row, point);
        row.check(result, releases);
      } finally {
        row.close();
      }
    });
  }

  /** Returns the result, or null if there was none. */
  private static @Nullable Object cancelled(CancelRow row, Point point) throws Exception {
    boolean[] ran = new boolean[1];
    Task<?>[] self = new Task<?>[1];
    Task<@Nullable Object> task =
        GoAsync.goAsync(() -> {
          ran[0] = true;
          if (point == Point.BEFORE_THE_OPERATION) {
            Objects.requireNonNull(self[0]).cancel("by itself");
          }
          return row.run();
        });
    self[0] = task;
    switch (point) {
      case BEFORE_THE_COROUTINE, BEFORE_THE_OPERATION -> {}
      case QUEUED -> GoAsync.yield();
      default -> row.settle();
    }
    if (point.compareTo(Point.RELEASED) >= 0) {
      GoAsync.sync(row::release);
    }
    for (Point each = Point.RELEASED; each.compareTo(point) < 0; each = each.next()) {
      GoAsync.yield();
    }
    if (point != Point.BEFORE_THE_OPERATION) {
      task.cancel("by the sweep");
    }
    return outcome(row, point, task, ran);
  }

  private static @Nullable Object outcome(
      CancelRow row, Point point, Task<@Nullable Object> task, boolean[] ran) throws Exception {
    boolean mustNot =
        switch (point) {
          case BEFORE_THE_COROUTINE -> true;
          case BEFORE_THE_OPERATION -> row.cancellable();
          case QUEUED, WAITING -> row.cancellable() && row.waits();
          default -> false;
        };
    if (mustNot) {
      assertThatThrownBy(() -> Caller.finish(task)).isInstanceOf(CancellationException.class);
      assertThat(task.isCancelled()).isTrue();
      assertThat(ran[0]).isEqualTo(point != Point.BEFORE_THE_COROUTINE);
      return null;
    }
    try {
      Caller.finish(task);
      return task.await();
    } catch (CancellationException cancelled) {
      assertThat(row.cancellable()).isTrue();
      return null;
    }
  }
}
