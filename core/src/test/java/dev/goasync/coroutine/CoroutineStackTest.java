package dev.goasync.coroutine;

import static dev.goasync.coroutine.Kinds.onNewThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.goasync.internal.vthread.CoroutineImplementation;
import dev.goasync.testkit.LongRunning;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stacks: deep ones, many of them, ones that cannot be put aside, ones that were dropped. */
@Timeout(120)
@LongRunning
final class CoroutineStackTest {
  private static final String ALL = "dev.goasync.coroutine.Kinds#all";
  private static final long ROOMY_STACK_BYTES = 16 << 20;
  private static final int MAX_DEPTH = 16_000;

  /** Of an interpreted frame of {@link #descend}, with room to spare. */
  private static final int MAX_FRAME_BYTES = 256;

  static Runnable duringInitialization = () -> {};

  static Stream<CoroutineImplementation> bare() {
    return Kinds.all().filter(kind -> kind == CoroutineImplementation.BARE);
  }

  /** The kinds that cannot put a class initializer's frame aside. */
  static Stream<CoroutineImplementation> pinnable() {
    return Kinds.all().filter(kind -> kind != CoroutineImplementation.HANDOVER);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void suspendsFromTheDepths(CoroutineImplementation kind) throws Exception {
    // the JDK's carriers have the default stack
    int depth = kind == CoroutineImplementation.HANDOVER ? 1_000 : maxDepth();
    onNewThread(
        ROOMY_STACK_BYTES,
        () -> {
          Coroutine<Integer, Integer> coroutine =
              new Coroutine<>(kind, false, (self, first) -> descend(self, first));
          assertThat(coroutine.resume(depth)).isEqualTo(1);
          assertThat(coroutine.resume(2)).isEqualTo(2);
          assertThat(coroutine.resume(3)).isEqualTo(depth + 3);
          return true;
        });
  }

  /** G1 refuses to keep a stack of more than half a region, whose size depends on the heap's. */
  private static int maxDepth() {
    var options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long region = Long.parseLong(options.getVMOption("G1HeapRegionSize").getValue());
    return region == 0 ? MAX_DEPTH : (int) Math.min(MAX_DEPTH, region / 2 / MAX_FRAME_BYTES);
  }

  private static int descend(Coroutine<Integer, Integer> self, int depth) {
    return depth == 0 ? self.suspend(self.suspend(1)) : descend(self, depth - 1) + 1;
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void overflowIsAFailureLikeAnother(CoroutineImplementation kind) {
    Coroutine<Integer, Integer> coroutine =
        new Coroutine<>(kind, false, (self, first) -> descend(self, Integer.MAX_VALUE));
    assertThatThrownBy(() -> coroutine.resume(0)).isInstanceOf(StackOverflowError.class);
    assertThat(coroutine.state()).isEqualTo(Coroutine.State.FAILED);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aHundredThousandLiveAtOnce(CoroutineImplementation kind) {
    List<Generator<Integer>> generators = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      int start = i;
      generators.add(
          new Generator<>(
              kind,
              false,
              out -> {
                out.emit(start);
                out.emit(start + 1);
              }));
    }
    long sum = 0;
    for (int round = 0; round < 2; round++) {
      for (Generator<Integer> generator : generators) {
        sum += generator.next();
      }
    }
    generators.forEach(Generator::close);
    assertThat(sum).isEqualTo(100_000L * 100_000);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("bare")
  void droppedBareOneIsCollected(CoroutineImplementation kind) {
    WeakReference<Object> local = suspendedHolding(kind);
    while (local.get() != null) { // ends by the test's time limit, if not by collection
      System.gc();
    }
  }

  private static WeakReference<Object> suspendedHolding(CoroutineImplementation kind) {
    Coroutine<Integer, Object> coroutine =
        new Coroutine<>(
            kind,
            false,
            (self, first) -> {
              Object local = new Object();
              self.suspend(local);
              return local;
            });
    return new WeakReference<>(coroutine.resume(0));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void endedOneHoldsNothingOfItsBody(CoroutineImplementation kind) {
    @Nullable Object[] captured = {new Object()};
    WeakReference<Object> body = new WeakReference<>(Objects.requireNonNull(captured[0]));
    Coroutine<Integer, Integer> coroutine = returning(kind, body);
    captured[0] = null;
    coroutine.resume(1);
    while (body.get() != null) {
      System.gc();
    }
    assertThat(coroutine.result()).isNotZero();
  }

  private static Coroutine<Integer, Integer> returning(
      CoroutineImplementation kind, WeakReference<Object> target) {
    Object kept = Objects.requireNonNull(target.get());
    return new Coroutine<>(kind, false, (self, first) -> kept.hashCode() | 1);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("pinnable")
  void suspendDuringClassInitializationThrows(CoroutineImplementation kind) {
    Coroutine<Integer, Integer> coroutine =
        new Coroutine<>(
            kind,
            false,
            (self, first) -> {
              duringInitialization =
                  () ->
                      assertThatIllegalStateException()
                          .isThrownBy(() -> self.suspend(1))
                          .withMessageStartingWith("cannot suspend: native code");
              initializeAClass();
              return self.suspend(2);
            });
    assertThat(coroutine.resume(0)).isEqualTo(2);
    assertThat(coroutine.resume(3)).isEqualTo(3);
  }

  private static void initializeAClass() throws Exception {
    try (InputStream code =
        Objects.requireNonNull(
            CoroutineStackTest.class.getResourceAsStream("CoroutineStackTest$Initialized.class"))) {
      MethodHandles.lookup().defineHiddenClass(code.readAllBytes(), true);
    }
  }

  static final class Initialized {
    static {
      duringInitialization.run();
    }

    private Initialized() {}
  }
}
