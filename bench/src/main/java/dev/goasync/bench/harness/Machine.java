package dev.goasync.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Describes the machine and the versions of a measurement. */
public final class Machine {
  /** A tool and the command that prints its version. */
  private record Version(String name, Tool tool, List<String> command) {}

  private static final List<Version> VERSIONS =
      List.of(
          new Version("go", Tool.GO, List.of("go", "version")),
          new Version("gcc", Tool.GCC, List.of("gcc", "-dumpfullversion")),
          new Version("nim", Tool.NIM, List.of("nim", "--version")),
          new Version("node", Tool.NODE, List.of("node", "--version")),
          new Version("python", Tool.PYTHON, List.of(Tool.DEBIAN_PYTHON, "--version")),
          new Version("fio", Tool.FIO, List.of("fio", "--version")),
          new Version("redis", Tool.REDIS, List.of("redis-server", "--version")),
          new Version("nginx", Tool.NGINX, List.of("nginx", "-v")),
          new Version("haproxy", Tool.HAPROXY, List.of("haproxy", "-v")));

  private Machine() {}

  /** Returns processor, memory, kernel and versions, one in each line. */
  public static List<String> describe(Path root) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    int processors = Runtime.getRuntime().availableProcessors();
    lines.add("machine: " + processor() + ", " + processors + " processors, " + memory());
    lines.add(
        "kernel: "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    lines.add("Java: " + System.getProperty("java.vendor") + " " + Runtime.version());
    for (Version version : VERSIONS) {
      if (version.tool().missing().isEmpty()) {
        lines.add(version.name() + ": " + Program.run(version.command()).getFirst());
      }
    }
    lines.add("commit: " + commit(root));
    return lines;
  }

  private static String commit(Path root) throws InterruptedException {
    String directory = root.toString();
    try {
      String commit =
          Program.run(List.of("git", "-C", directory, "describe", "--always")).getFirst();
      return commit + (isChanged(directory) ? "-dirty" : "");
    } catch (IOException noGit) {
      return "unknown";
    }
  }

  /** Files that the bench writes do not count as changes of the measured sources. */
  private static boolean isChanged(String directory) throws IOException, InterruptedException {
    return !Program.run(
            List.of(
                "git",
                "-C",
                directory,
                "status",
                "--porcelain",
                "--untracked-files=no",
                "--",
                ":(exclude)bench/RESULTS.md",
                ":(exclude)bench/charts"))
        .isEmpty();
  }

  private static String processor() throws IOException {
    return field("/proc/cpuinfo", "model name", System.getProperty("os.arch", "unknown"));
  }

  private static String memory() throws IOException {
    String kilobytes = field("/proc/meminfo", "MemTotal", "0 kB").replaceAll("\\D", "");
    return String.format(Locale.ROOT, "%.0f GB of memory", Long.parseLong(kilobytes) / 1e6);
  }

  private static String field(String file, String name, String otherwise) throws IOException {
    if (!Files.isReadable(Path.of(file))) {
      return otherwise;
    }
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).trim())
        .findFirst()
        .orElse(otherwise);
  }
}
