package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same file accesses by fio: with io_uring, and with a thread for each blocking call. */
final class Fio {
  /** The fields of fio's terse output, version 3: reads, writes, and processor time. */
  private static final int READ_IOPS = 7;

  private static final int WRITE_IOPS = 48;
  private static final int USER_PERCENT = 87;
  private static final int SYSTEM_PERCENT = 88;

  /** Provides the file to read. */
  @FunctionalInterface
  interface Data {
    /** Returns the file to read. */
    Path get() throws IOException;
  }

  private Fio() {}

  static List<Trial> trials(Workplace place, String caseName, int atOnce, Data data) {
    return List.of(
        trial(
            place,
            caseName,
            "fio",
            atOnce,
            data,
            "--ioengine=io_uring",
            "--iodepth=" + atOnce,
            // submits all pending reads in one system call, like the peers; fio's default is one
            // read
            "--iodepth_batch_submit=" + atOnce,
            "--iodepth_batch_complete_min=1",
            "--iodepth_batch_complete_max=" + atOnce),
        trial(
            place, caseName, "fio-psync", atOnce, data, "--ioengine=psync", "--numjobs=" + atOnce));
  }

  private static Trial trial(
      Workplace place, String caseName, String peer, int atOnce, Data data, String... engine) {
    return new Trial(
        caseName,
        peer,
        Tool.FIO.missing(),
        () -> {
          List<String> command = command(place, caseName, data);
          command.addAll(List.of(engine));
          int jobs = peer.equals("fio") ? 1 : atOnce;
          return parse(caseName, jobs, Program.run(command));
        });
  }

  private static List<String> command(Workplace place, String caseName, Data data)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "fio",
                "--name=" + caseName,
                "--output-format=terse",
                "--terse-version=3",
                "--thread",
                "--group_reporting",
                "--gtod_reduce=1",
                "--invalidate=0",
                caseName.startsWith("random-direct") ? "--direct=1" : "--direct=0",
                caseName.equals("sequential") ? "--bs=64k" : "--bs=4k"));
    if (caseName.equals("append")) {
      String size = place.quick() ? "--size=20m" : "--size=200m";
      String file = "--filename=" + place.builds().resolve("appended-by-fio.bin");
      command.addAll(List.of("--rw=write", "--file_append=1", "--unlink=1", size, file));
    } else {
      command.addAll(
          List.of(
              caseName.equals("sequential") ? "--rw=read" : "--rw=randread",
              "--norandommap",
              "--time_based",
              place.quick() ? "--runtime=1" : "--runtime=2",
              "--filename=" + data.get()));
    }
    return command;
  }

  /** Fio reports processor time in percent of the time that each of its threads ran. */
  static List<Measurement> parse(String caseName, int jobs, List<String> output)
      throws IOException {
    for (String line : output) {
      if (line.startsWith("3;fio")) {
        List<String> fields = List.of(line.split(";", -1));
        boolean writes = caseName.equals("append");
        double perSecond = Double.parseDouble(fields.get(writes ? WRITE_IOPS : READ_IOPS));
        double percent = percent(fields.get(USER_PERCENT)) + percent(fields.get(SYSTEM_PERCENT));
        return List.of(
            new Measurement(caseName, Metric.CPU_US_PER_OP, percent / 100 * jobs * 1e6 / perSecond),
            new Measurement(caseName, Metric.OPS_PER_S, perSecond));
      }
    }
    throw new IOException("fio printed no figures:\n" + String.join("\n", output));
  }

  private static double percent(String field) {
    return Double.parseDouble(field.replace("%", ""));
  }
}
