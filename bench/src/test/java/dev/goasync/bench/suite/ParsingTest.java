package dev.goasync.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parsing the output of wrk, redis-benchmark, strace and fio. */
class ParsingTest {
  @Test
  void wrk() throws IOException {
    Wrk load = Wrk.parse(List.of("Running 1s test", "= 3000 2000000 50 99 999 2"));

    assertThat(load).isEqualTo(new Wrk(3000, 1500, 50, 99, 999, 2));
    assertThatThrownBy(() -> Wrk.parse(List.of("unable to connect")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("unable to connect");
  }

  @Test
  void redisBenchmark() throws IOException {
    List<String> said =
        List.of("\"test\",\"rps\",\"avg_latency_ms\"", "\"GET\",\"1500.25\",\"0.040\"");

    assertThat(RedisLoad.parse("GET", said)).isEqualTo(1500.25);
    assertThatThrownBy(() -> RedisLoad.parse("SET", said))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("redis-benchmark printed no figure for SET:");
  }

  @Test
  void straceTableWithAndWithoutErrors() throws IOException {
    String head = "% time     seconds  usecs/call     calls    errors syscall";
    assertThat(
            SystemCalls.total(
                List.of(head, "100.00    0.020000          10      1200         3 total")))
        .isEqualTo(1200);
    assertThat(SystemCalls.total(List.of(head, "100.00    0.020000          10      1200 total")))
        .isEqualTo(1200);
  }

  @Test
  void fio() throws IOException {
    String[] fields = new String[130];
    java.util.Arrays.fill(fields, "0");
    fields[0] = "3";
    fields[1] = "fio-3.33";
    fields[7] = "40000";
    fields[87] = "5.0%";
    fields[88] = "15.0%";

    var figures = Fio.parse("random", 4, List.of(String.join(";", fields)));

    assertThat(figures.get(0).value()).isEqualTo(20); // 4 threads of 20 % for 40,000 a second
    assertThat(figures.get(1).value()).isEqualTo(40_000);
  }
}
