package dev.goasync.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.internal.backend.Backends;
import dev.goasync.testkit.LongRunning;
import dev.goasync.testkit.Modes;
import dev.goasync.testkit.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many processes at the same time need few threads. */
@Timeout(120)
@ExtendWith(NoLeaks.class)
@LongRunning
final class ThousandProcessesTest {
  private static final int MANY = 1_000;

  @Test
  void noThreadWaitsForAThousandLiveProcesses() throws Exception {
    Modes.assumeOwnProcesses(Backends.selected().name());
    int before = Thread.getAllStackTraces().size();
    TaskScope.<Boolean, Exception>run(scope -> {
      List<Task<AsyncProcess>> starts = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        starts.add(scope.goAsync(() -> Command.of("cat").start()));
      }
      List<AsyncProcess> all = GoAsync.awaitAll(starts);
      assertThat(all).allMatch(AsyncProcess::isAlive);
      Set<Thread> threads = Thread.getAllStackTraces().keySet();
      assertThat(threads.size() - before).isLessThan(100);
      for (AsyncProcess each : all) {
        each.stdin().writeAll("x\n");
      }
      for (AsyncProcess each : all) {
        assertThat(each.stdout().readLine()).isEqualTo("x");
        each.stdin().close();
        assertThat(each.await()).isZero();
      }
      return true;
    });
  }
}
