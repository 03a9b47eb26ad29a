package dev.goasync.internal.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.internal.sys.SystemCalls;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

final class RingTest {
  private static void submitNop(Ring ring, int userData) {
    ByteBuffer submissions = ring.submissions();
    int at = ring.nextSubmission();
    submissions.put(at, new byte[64]);
    submissions.putInt(at, Opcode.NOP);
    submissions.putLong(at + 32, userData);
    ring.push();
  }

  @Test
  void bringsEveryCompletionOnceThoughBothQueuesOverflow() throws Exception {
    int total = 5_000;
    BitSet seen = new BitSet();
    try (Ring ring = new Ring(new SystemCalls(), 2, 4)) {
      int submitted = 0;
      while (submitted < total) { // nothing is read meanwhile, so the kernel keeps what overflows
        while (ring.room() > 0 && submitted < total) {
          submitNop(ring, submitted++);
        }
        int taken = ring.enter(0);
        if (taken <= 0) {
          drain(ring, seen);
        }
      }
      while (ring.unsubmitted() > 0 || seen.cardinality() < total) {
        ring.enter(0);
        drain(ring, seen);
      }
    }
    assertThat(seen.cardinality()).isEqualTo(total);
  }

  private static void drain(Ring ring, BitSet seen) {
    while (ring.available() > 0) {
      assertThat(ring.result()).isZero();
      int index = (int) ring.userData();
      assertThat(seen.get(index)).isFalse();
      seen.set(index);
      ring.pop();
    }
    ring.publishHead();
  }

  @Test
  void knowsWhatTheKernelCan() throws Exception {
    try (Ring ring = new Ring(new SystemCalls(), 2, 2)) {
      assertThat(ring.probe(Opcode.NOP, Opcode.READ, 254)).containsExactly(true, true, false);
      assertThat(ring.describeSetup()).isNotEmpty();
    }
  }

  @Test
  void timesOut() throws Exception {
    try (Ring ring = new Ring(new SystemCalls(), 2, 2)) {
      long begin = System.nanoTime();
      assertThat(ring.enter(2_000_000)).isNegative();
      assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(2_000_000);
      assertThat(ring.available()).isZero();
    }
  }
}
