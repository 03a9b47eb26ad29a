package dev.goasync.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.goasync.GoAsync;
import dev.goasync.sync.Event;
import dev.goasync.testing.TestLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link OnTestLoop}: what runs in the coroutine, and what is refused. */
final class OnTestLoopTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final List<String> EVENTS = new ArrayList<>();

  @BeforeEach
  void forgetEvents() {
    EVENTS.clear();
  }

  @OnTestLoop
  static final class AllKinds {
    private final ThreadLocal<String> local = new ThreadLocal<>();

    @BeforeEach
    void before(TestLoop loop) {
      local.set("set before");
      GoAsync.sleep(HOUR);
      EVENTS.add("before " + loop.elapsed());
    }

    @Test
    void simple(TestLoop loop) {
      GoAsync.sleep(HOUR);
      EVENTS.add("test " + loop.elapsed() + " " + local.get());
    }

    @RepeatedTest(2)
    void repeated() {
      GoAsync.sleep(HOUR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void withArguments(int hours, TestLoop loop) {
      GoAsync.sleep(HOUR.multipliedBy(hours));
      assertEquals(HOUR.multipliedBy(hours + 1), loop.elapsed());
    }

    @TestFactory
    Stream<DynamicTest> dynamic(TestLoop loop) {
      GoAsync.sleep(HOUR);
      return Stream.of(1, 2)
          .map(number ->
              dynamicTest(
                  "dynamic " + number,
                  () -> {
                    GoAsync.sleep(HOUR);
                    EVENTS.add("dynamic " + loop.elapsed());
                  }));
    }

    @AfterEach
    void after() {
      assertTrue(GoAsync.inCoroutine());
      assertEquals("set before", local.get());
    }
  }

  @Test
  void methodsAndDynamicTestsRunInOneCoroutine() {
    Launched launched = Launched.run(AllKinds.class);
    assertEquals(List.of(), launched.failures());
    assertEquals(7, launched.names().size());
    assertThat(EVENTS)
        .contains("before PT1H", "test PT2H set before", "dynamic PT3H", "dynamic PT4H");
  }

  @OnTestLoop
  static final class Fails {
    @Test
    void byAnAssertion() {
      fail("as it was thrown");
    }

    @Test
    void byACheckedException() throws IOException {
      throw new IOException("checked");
    }
  }

  @Test
  void failuresAreThrownAsTheyAre() {
    assertThat(Launched.run(Fails.class).failures())
        .containsExactlyInAnyOrder(
            "org.opentest4j.AssertionFailedError: as it was thrown",
            "java.io.IOException: checked");
  }

  @OnTestLoop
  static final class LeavesACoroutine {
    @Test
    void leaves() {
      GoAsync.goAsync("forgotten", () -> GoAsync.sleep(HOUR));
    }
  }

  @Test
  void aCoroutineThatIsLeftFailsTheTest() {
    assertThat(Launched.run(LeavesACoroutine.class).failures())
        .singleElement()
        .asString()
        .contains("left behind in the test loop", "forgotten");
  }

  @OnTestLoop
  static final class InAnotherThread {
    @Test
    @Timeout(value = 1, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void runs() {
      EVENTS.add("run");
    }
  }

  @Test
  @Timeout(30)
  void aSeparateThreadIsRefused() {
    assertThat(Launched.run(InAnotherThread.class).failures())
        .singleElement()
        .asString()
        .contains("remove threadMode = SEPARATE_THREAD from its @Timeout");
    assertEquals(List.of(), EVENTS);
  }

  @OnTestLoop
  static final class Hangs {
    @Test
    @Timeout(value = 10, unit = TimeUnit.MILLISECONDS)
    void waitsForEver() {
      Event.manualReset().await();
    }

    @AfterEach
    void after() {
      EVENTS.add("after " + GoAsync.inCoroutine());
    }
  }

  @Test
  @Timeout(30)
  void aTimeLimitEndsATestThatHangs() {
    assertThat(Launched.run(Hangs.class).failures())
        .singleElement()
        .asString()
        .contains("TimeoutException");
    assertEquals(List.of("after true"), EVENTS);
  }

  static final class OneMethod {
    @Test
    @OnTestLoop
    void inACoroutine() {
      EVENTS.add("coroutine " + GoAsync.inCoroutine());
    }

    @Test
    void onAThread() {
      EVENTS.add("coroutine " + GoAsync.inCoroutine());
    }
  }

  @Test
  void aMethodAloneCanBeMarked() {
    assertEquals(List.of(), Launched.run(OneMethod.class).failures());
    assertThat(EVENTS).containsExactlyInAnyOrder("coroutine true", "coroutine false");
  }
}
