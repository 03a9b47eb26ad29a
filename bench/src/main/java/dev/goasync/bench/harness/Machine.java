package dev.goasync.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the figures were taken on. */
public final class Machine {
  private Machine() {}

  /** Processor, memory, kernel and versions, one a line. */
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
    version("go", List.of("go", "version")).forEach(lines::add);
    version("gcc", List.of("gcc", "-dumpfullversion")).forEach(lines::add);
    String commit = String.join("", version("git", gitCommit(root))).replace("git: ", "");
    lines.add("commit: " + (commit.isEmpty() ? "unknown" : commit));
    return lines;
  }

  private static List<String> gitCommit(Path root) {
    return List.of("git", "-C", root.toString(), "describe", "--always", "--dirty");
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

  private static List<String> version(String tool, List<String> command)
      throws IOException, InterruptedException {
    if (Workplace.missing(tool, "").isPresent()) {
      return List.of();
    }
    List<String> said = Program.run(command);
    return said.isEmpty() ? List.of() : List.of(tool + ": " + said.getFirst());
  }
}
