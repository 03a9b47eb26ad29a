package dev.goasync.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux tells of a process in {@code /proc}. */
public final class ProcStat {
  /** The kernel's USER_HZ: 100 on every architecture that Java runs on. */
  private static final double US_PER_TICK = 10_000;

  private ProcStat() {}

  /**
   * Processor time used so far.
   *
   * @param userUs microseconds in user mode
   * @param sysUs microseconds in the kernel
   */
  public record Cpu(double userUs, double sysUs) {
    /** What was used since {@code before}. */
    public Cpu since(Cpu before) {
      return new Cpu(userUs - before.userUs, sysUs - before.sysUs);
    }
  }

  /** The processor time of a process. */
  public static Cpu cpu(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    // The second field, the name in parentheses, may contain anything; utime is the fourteenth.
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
    return new Cpu(
        Long.parseLong(fields.get(11)) * US_PER_TICK, Long.parseLong(fields.get(12)) * US_PER_TICK);
  }

  /** The most memory that a process ever had resident, in megabytes of a million bytes. */
  public static double peakRssMb(String pid) throws IOException {
    return kilobytes(pid, "VmHWM:") * 1024 / 1e6;
  }

  /** The memory that a process has resident, in bytes. */
  public static double rssBytes(String pid) throws IOException {
    return kilobytes(pid, "VmRSS:") * 1024;
  }

  private static double kilobytes(String pid, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + field + " of process " + pid);
  }
}
