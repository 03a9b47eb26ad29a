package dev.goasync.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Processor time read from {@code /proc}. */
class ProcStatTest {
  private static final double ONE_TICK = 10_000;
  private static final long SELF = ProcessHandle.current().pid();

  @Test
  void theBusiestThreadIsFoundByTheTimeItUsedInBetween() {
    var before = Map.of("1", new ProcStat.Cpu(500, 500), "2", new ProcStat.Cpu(10, 10));
    var after =
        Map.of(
            "1", new ProcStat.Cpu(505, 500),
            "2", new ProcStat.Cpu(20, 20),
            "3", new ProcStat.Cpu(1, 2));

    assertThat(ProcStat.busiest(before, after)).isEqualTo(new ProcStat.Cpu(10, 10));
    assertThat(ProcStat.busiest(before, after).us()).isEqualTo(20);
  }

  @Test
  void theThreadsUsedNoMoreThanTheProcess() throws Exception {
    Map<String, ProcStat.Cpu> threads = ProcStat.cpuOfThreads(SELF);
    double all = ProcStat.cpu(SELF).us();

    assertThat(threads).containsKey(String.valueOf(SELF));
    assertThat(threads.values().stream().mapToDouble(ProcStat.Cpu::us).sum())
        .isPositive()
        .isLessThanOrEqualTo(all);
  }

  @Test
  void childrenCountAfterTheyWereWaitedFor() throws Exception {
    double before = ofChildren();

    var _ = Program.run(List.of("sh", "-c", "i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); done"));

    assertThat(ofChildren() - before).isGreaterThan(2 * ONE_TICK);
  }

  private static double ofChildren() throws IOException {
    return ProcStat.cpuWithChildren(SELF).us() - ProcStat.cpu(SELF).us();
  }
}
