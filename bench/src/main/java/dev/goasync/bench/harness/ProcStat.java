package dev.goasync.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The state of a process as Linux reports it in {@code /proc}. */
public final class ProcStat {
  /** The kernel's USER_HZ: 100 on every architecture that Java runs on. */
  private static final double US_PER_TICK = 10_000;

  /** Which of {@link #fields} is the process's time in user mode. */
  private static final int UTIME = 11;

  /** That of its children. */
  private static final int CUTIME = 13;

  private ProcStat() {}

  /**
   * Processor time used so far.
   *
   * @param userUs microseconds in user mode
   * @param sysUs microseconds in the kernel
   */
  public record Cpu(double userUs, double sysUs) {
    /** Microseconds in both. */
    public double us() {
      return userUs + sysUs;
    }

    /** What was used since {@code before}. */
    public Cpu since(Cpu before) {
      return new Cpu(userUs - before.userUs, sysUs - before.sysUs);
    }
  }

  /** The processor time of a process. */
  public static Cpu cpu(long pid) throws IOException {
    return cpu(fields(Path.of("/proc/" + pid + "/stat")), UTIME);
  }

  /** The processor time of a process and of its children that have ended and were waited for. */
  public static Cpu cpuWithChildren(long pid) throws IOException {
    List<String> fields = fields(Path.of("/proc/" + pid + "/stat"));
    Cpu own = cpu(fields, UTIME);
    Cpu children = cpu(fields, CUTIME);
    return new Cpu(own.userUs() + children.userUs(), own.sysUs() + children.sysUs());
  }

  /** The processor time of each of a process's threads, by its id. */
  public static Map<String, Cpu> cpuOfThreads(long pid) throws IOException {
    Map<String, Cpu> times = new HashMap<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        try {
          times.put(thread.getFileName().toString(), cpu(fields(thread.resolve("stat")), UTIME));
        } catch (NoSuchFileException ended) {
          // the thread ended after it was listed
        }
      }
    }
    return times;
  }

  /** Returns the most processor time that one thread used between two readings. */
  public static Cpu busiest(Map<String, Cpu> before, Map<String, Cpu> after) {
    Cpu none = new Cpu(0, 0);
    return after.entrySet().stream()
        .map(thread -> thread.getValue().since(before.getOrDefault(thread.getKey(), none)))
        .max(Comparator.comparingDouble(Cpu::us))
        .orElse(none);
  }

  /** The fields behind the name, which stands in parentheses and may contain anything. */
  private static List<String> fields(Path stat) throws IOException {
    String line = Files.readString(stat);
    return List.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
  }

  /** Time in user mode stands before that in the kernel. */
  private static Cpu cpu(List<String> fields, int user) {
    return new Cpu(
        Long.parseLong(fields.get(user)) * US_PER_TICK,
        Long.parseLong(fields.get(user + 1)) * US_PER_TICK);
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
