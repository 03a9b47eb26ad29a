package dev.goasync.internal.vthread;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.coroutine.Coroutine;
import dev.goasync.sync.Channel;
import dev.goasync.testkit.ChildJvm;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the library needs of the JDK beyond its public interface. */
final class SchedulerWayTest {
  /** Coroutines with a thread each, which need a scheduler too. */
  private static final String COROUTINES = "-Dgoasync.coroutine=confined";

  @BeforeEach
  void skipInPortableMode() {
    assumeTrue(SchedulerAccess.isFullMode(), "portable mode needs no scheduler");
  }

  /** A failure here is an early warning: the library goes on with the next way. */
  @ParameterizedTest
  @EnumSource
  void theJdkHasEachWay(SchedulerWay way) {
    assertThatCode(way::find)
        .as(
            "JDK %s has changed: it lacks %s; let SchedulerWay try what has replaced it",
            Runtime.version(), way.member())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource
  void coroutinesRunByEachWay(SchedulerWay way) throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Program.class, without(way), COROUTINES).assertSuccess();
    String by = way == SchedulerWay.BUILDER_CONSTRUCTOR ? "the manifest" : "by " + way.member();
    assertThat(ended.out()).startsWith("full mode").contains(by).endsWith("1 1 3\n");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void aJdkWithoutAnyWaySelectsPortableMode() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Program.class, without(null)).assertSuccess();
    assertThat(ended.out())
        .startsWith("portable mode, slower: this JDK has no custom scheduler that goasync knows")
        .endsWith("1 1 3\n");
  }

  private static String without(@Nullable SchedulerWay kept) {
    return "-D"
        + SchedulerWay.WITHOUT_PROPERTY
        + "="
        + Arrays.stream(SchedulerWay.values())
            .filter(way -> way != kept)
            .map(SchedulerWay::name)
            .collect(Collectors.joining(","));
  }

  /** Uses both kinds of threads that need a scheduler. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      Channel<Integer> numbers = Channel.rendezvous();
      Task<String> reader =
          goAsync(() -> numbers.receive() + " " + numbers.receive() + " " + numbers.receive());
      goAsync(() -> {
        Coroutine<Integer, Integer> counter =
            Coroutine.of((self, first) -> first + self.suspend(first + 1));
        for (int i = 0; i < 3; i++) {
          GoAsync.sleep(Duration.ofMillis(1));
          numbers.send(i < 2 ? counter.resume(i) : 3);
        }
      });
      System.out.println(SchedulerAccess.explanation());
      System.out.println(reader.await());
    }
  }
}
