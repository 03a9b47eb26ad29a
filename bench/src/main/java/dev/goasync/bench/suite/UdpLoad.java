package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Servers that send datagrams of 100 bytes back, with 64 under way. */
final class UdpLoad {
  private static final String CASE = "udp-echo";
  private static final Pattern ECHOED = Pattern.compile("echoed (\\d+) in ([0-9.]+) s");
  private static final String MILLIS = "2000";
  private static final String WARM_UP_MILLIS = "3000";

  private UdpLoad() {}

  static List<Trial> trials(Workplace place) {
    return List.of(
        trial(place, Peer.ofBench(place, Results.US, "program.UdpEcho")),
        trial(place, Peer.of("go", () -> List.of(place.build().go("udpecho")), Tool.GO)),
        trial(place, Peer.of("c-recvmmsg", () -> List.of(place.build().c("udp_echo")), Tool.GCC)));
  }

  private static Trial trial(Workplace place, Peer peer) {
    return peer.trial(
        CASE,
        () -> {
          String load = place.build().c("udp_load");
          try (Program server = Program.start(peer.command("0"))) {
            String port = String.valueOf(server.awaitPort());
            Program.run(List.of(load, port, WARM_UP_MILLIS));
            ProcStat.Cpu before = ProcStat.cpu(server.pid());
            List<String> said = Program.run(List.of(load, port, MILLIS));
            server.checkRuns();
            return figures(said, ProcStat.cpu(server.pid()).since(before));
          }
        });
  }

  private static List<Measurement> figures(List<String> said, ProcStat.Cpu used)
      throws IOException {
    Matcher line = ECHOED.matcher(String.join("\n", said));
    if (!line.find() || line.group(1).equals("0")) {
      throw new IOException("no datagram came back: " + said);
    }
    double count = Double.parseDouble(line.group(1));
    return List.of(
        new Measurement(CASE, Metric.CPU_US_PER_OP, used.us() / count),
        new Measurement(CASE, Metric.USER_US_PER_OP, used.userUs() / count),
        new Measurement(CASE, Metric.SYS_US_PER_OP, used.sysUs() / count),
        new Measurement(CASE, Metric.OPS_PER_S, count / Double.parseDouble(line.group(2))));
  }
}
