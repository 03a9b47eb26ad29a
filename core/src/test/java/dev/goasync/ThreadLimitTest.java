package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.process.Command;
import dev.goasync.testkit.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A user may have only so many threads: calls queue for the threads that exist, or fail clearly.
 */
@Timeout(120)
final class ThreadLimitTest {
  private static final int CALLS = 60;

  /** A user without a name, whose threads are those of the child only. */
  private static final String AS_NOBODY = "setpriv --reuid=64999 --regid=64999 --clear-groups ";

  /** More than the JVM needs for itself, fewer than the calls. */
  private static final String LIMITED = "exec prlimit --nproc=36 " + AS_NOBODY + "\"$@\"";

  static final class Limited {
    public static void main(String[] arguments) {
      goAsync(Limited::offloadAndStart).await();
    }

    private static void offloadAndStart() {
      var first = new CountDownLatch(1);
      List<Task<?>> offloaded = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        offloaded.add(goAsync(() -> GoAsync.offload(() -> first.await(1, TimeUnit.SECONDS))));
      }
      System.out.println("offloaded " + ended(offloaded));
      List<Task<?>> started = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        started.add(goAsync(() -> Command.of("sleep", "0.1").run()));
      }
      System.out.println("started " + ended(started));
    }

    /** How the tasks ended: the failure's message, or "well", with the count. */
    private static Map<String, Integer> ended(List<Task<?>> tasks) {
      Map<String, Integer> counts = new TreeMap<>();
      for (Task<?> task : tasks) {
        Throwable failure = null;
        try {
          task.await();
        } catch (RuntimeException | Error thrown) {
          failure = task.failure();
        }
        counts.merge(String.valueOf(failure == null ? "well" : failure), 1, Integer::sum);
      }
      return counts;
    }
  }

  @Test
  void callsQueueOrFailWithTheRemedy() throws Exception {
    boolean may =
        new ProcessBuilder("sh", "-c", AS_NOBODY + "test -r " + classes()).start().waitFor() == 0;
    assumeTrue(may, "needs root, setpriv, and classes that another user may read");
    ChildJvm.Ended ended = ChildJvm.runBy(LIMITED, Limited.class).assertSuccess();
    assertThat(ended.err()).doesNotContain("OutOfMemoryError");
    assertThat(ended.out()).contains("offloaded {well=" + CALLS + "}");
    String started = ended.out().substring(ended.out().indexOf("started "));
    assertThat(started).containsAnyOf("well", "raise ulimit -u").doesNotContain("OutOfMemory");
  }

  private static String classes() {
    return ThreadLimitTest.class.getProtectionDomain().getCodeSource().getLocation().getPath()
        + "dev/goasync/ThreadLimitTest.class";
  }
}
