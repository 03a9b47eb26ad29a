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

/** Reads processor time and memory of a process from {@code /proc}. */
public final class ProcStat {
  /** The kernel's USER_HZ, which is 100 on every architecture that Java supports. */
  private static final double US_PER_TICK = 10_000;

  /** The index in {@link #fields} of the process's time in user mode. */
  private static final int UTIME = 11;

  /** The index of the time in user mode of its children. */
  private static final int CUTIME = 13;

  private ProcStat() {}

  /**
   * The processor time that a process or thread has used.
   *
   * @param userUs microseconds in user mode
   * @param sysUs microseconds in the kernel
   */
  public record Cpu(double userUs, double sysUs) {
    /** Returns the sum in microseconds. */
    public double us() {
      return userUs + sysUs;
    }

    /** Returns the processor time used since {@code before}. */
    public Cpu since(Cpu before) {
      return new Cpu(userUs - before.userUs, sysUs - before.sysUs);
    }
  }

  /** Returns the processor time of a process. */
  public static Cpu cpu(long pid) throws IOException {
    return cpu(fields(Path.of("/proc/" + pid + "/stat")), UTIME);
  }

  /**
   * Returns the processor time of a process and of its children that have ended and were waited
   * for.
   */
  public static Cpu cpuWithChildren(long pid) throws IOException {
    List<String> fields = fields(Path.of("/proc/" + pid + "/stat"));
    Cpu own = cpu(fields, UTIME);
    Cpu children = cpu(fields, CUTIME);
    return new Cpu(own.userUs() + children.userUs(), own.sysUs() + children.sysUs());
  }

  /** Returns the processor time of this process's children that have ended. */
  public static Cpu cpuOfChildren() throws IOException {
    return cpu(fields(Path.of("/proc/self/stat")), CUTIME);
  }

  /** Returns the processor time of each thread of a process, by thread id. */
  public static Map<String, Cpu> cpuOfThreads(long pid) throws IOException {
    Map<String, Cpu> times = new HashMap<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        try {
          times.put(thread.getFileName().toString(), cpu(fields(thread.resolve("stat")), UTIME));
        } catch (NoSuchFileException ended) {
          // after it was listed
        }
      }
    }
    return times;
  }

  /**
   * Returns the largest processor time that one thread used between two calls of {@link
   * #cpuOfThreads}.
   */
  public static Cpu busiest(Map<String, Cpu> before, Map<String, Cpu> after) {
    Cpu none = new Cpu(0, 0);
    return after.entrySet().stream()
        .map(thread -> thread.getValue().since(before.getOrDefault(thread.getKey(), none)))
        .max(Comparator.comparingDouble(Cpu::us))
        .orElse(none);
  }

  /** Returns the fields after the name, which is in parentheses and may contain any character. */
  private static List<String> fields(Path stat) throws IOException {
    String line = Files.readString(stat);
    return List.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
  }

  /** Reads the time in user mode and, in the next field, the time in the kernel. */
  private static Cpu cpu(List<String> fields, int user) {
    return new Cpu(
        Long.parseLong(fields.get(user)) * US_PER_TICK,
        Long.parseLong(fields.get(user + 1)) * US_PER_TICK);
  }

  /** Returns the peak of a process's resident memory, in megabytes of a million bytes. */
  public static double peakRssMb(String pid) throws IOException {
    return kilobytes(pid, "VmHWM:") * 1024 / 1e6;
  }

  /** Returns the resident memory of a process in bytes. */
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
