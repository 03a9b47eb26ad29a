package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The examples wc and cp beside those of GNU coreutils. */
public final class ToolsSuite implements Suite {
  private static final String COREUTILS = "coreutils";
  private static final String WC_TREE = "wc-200000";
  private static final String WC_FILE = "wc-2g";
  private static final String CP_TREE = "cp-200000";
  private static final String CP_FILE = "cp-2g";

  private static final int DIRECTORIES = 1000;
  private static final int FILES_IN_EACH = 200;
  private static final int FILE_BYTES = 1000;
  private static final int MIB = 1 << 20;
  private static final int LARGE_MIB = 2 * 1024;
  private static final int LETTERS = 26;
  private static final int MAX_WORD = 10;
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /** Both programs count in the same locale. */
  private static final List<String> IN_UTF8 = List.of("env", "LC_ALL=C.UTF-8");

  @Override
  public String name() {
    return "tools";
  }

  @Override
  public String purpose() {
    return "The examples wc and cp beside those of GNU coreutils, whole processes with their start:"
        + " a tree of 200,000 files of 1 kB, an operation is a file; and a file of 2 GiB, an"
        + " operation is a MiB. What is read is in the page cache.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 3;
  }

  @Override
  public List<String> notQuick() {
    return List.of(WC_TREE, WC_FILE, CP_TREE, CP_FILE);
  }

  @Override
  public List<Trial> trials(Workplace place) {
    int files = DIRECTORIES * FILES_IN_EACH;
    return List.of(
        Trial.of(WC_TREE, Results.US, () -> wc(place, WC_TREE, tree(place), files)),
        Trial.of(WC_TREE, COREUTILS, () -> gnuWc(WC_TREE, tree(place), files)),
        Trial.of(WC_FILE, Results.US, () -> wc(place, WC_FILE, large(place), LARGE_MIB)),
        Trial.of(WC_FILE, COREUTILS, () -> gnuWc(WC_FILE, large(place), LARGE_MIB)),
        Trial.of(CP_TREE, Results.US, () -> cp(place, CP_TREE, tree(place), files)),
        Trial.of(CP_TREE, COREUTILS, () -> gnuCp(place, CP_TREE, tree(place), files)),
        Trial.of(CP_FILE, Results.US, () -> cp(place, CP_FILE, large(place), LARGE_MIB)),
        Trial.of(CP_FILE, COREUTILS, () -> gnuCp(place, CP_FILE, large(place), LARGE_MIB)));
  }

  private static List<Measurement> wc(Workplace place, String caseName, Path what, int operations)
      throws Exception {
    List<String> command = place.java(List.of(), "dev.goasync.examples.Wc", what.toString());
    return measure(caseName, silent(command), operations);
  }

  private static List<Measurement> gnuWc(String caseName, Path what, int operations)
      throws Exception {
    String script = "find \"$1\" -type f -print0 | wc --files0-from=- > /dev/null";
    return measure(caseName, List.of("sh", "-c", script, "sh", what.toString()), operations);
  }

  private static List<Measurement> cp(Workplace place, String caseName, Path what, int operations)
      throws Exception {
    Path copy = copyOf(place);
    List<String> command =
        place.java(List.of(), "dev.goasync.examples.Cp", what.toString(), copy.toString());
    return measure(caseName, silent(command), operations);
  }

  private static List<Measurement> gnuCp(
      Workplace place, String caseName, Path what, int operations) throws Exception {
    String copy = copyOf(place).toString();
    return measure(caseName, List.of("cp", "-r", what.toString(), copy), operations);
  }

  private static List<String> silent(List<String> command) {
    List<String> all = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" > /dev/null", "sh"));
    all.addAll(command);
    return all;
  }

  private static List<Measurement> measure(String caseName, List<String> command, int operations)
      throws Exception {
    List<String> all = new ArrayList<>(IN_UTF8);
    all.addAll(command);
    ProcStat.Cpu before = ProcStat.cpuOfChildren();
    long start = System.nanoTime();
    var _ = Program.run(all, TIMEOUT);
    double seconds = (System.nanoTime() - start) / 1e9;
    ProcStat.Cpu used = ProcStat.cpuOfChildren().since(before);
    return List.of(
        new Measurement(caseName, Metric.CPU_US_PER_OP, used.us() / operations),
        new Measurement(caseName, Metric.USER_US_PER_OP, used.userUs() / operations),
        new Measurement(caseName, Metric.SYS_US_PER_OP, used.sysUs() / operations),
        new Measurement(caseName, Metric.OPS_PER_S, operations / seconds));
  }

  /** Returns the path of a copy, which does not exist. */
  private static Path copyOf(Workplace place) throws Exception {
    Path copy = place.builds().toAbsolutePath().resolve("copy");
    var _ = Program.run(List.of("rm", "-rf", copy.toString()), TIMEOUT);
    return copy;
  }

  /** Returns the tree; the first call writes it. */
  private static Path tree(Workplace place) throws IOException {
    Path tree = place.builds().toAbsolutePath().resolve("tree-200000");
    Path done = place.builds().resolve("tree-200000.done");
    if (!Files.exists(done)) {
      SplittableRandom random = new SplittableRandom(1);
      for (int directory = 0; directory < DIRECTORIES; directory++) {
        Path files = Files.createDirectories(tree.resolve(String.valueOf(directory)));
        for (int file = 0; file < FILES_IN_EACH; file++) {
          Files.write(files.resolve(file + ".txt"), text(random, FILE_BYTES));
        }
      }
      Files.createFile(done);
    }
    return tree;
  }

  /** Returns the large file; the first call writes it. */
  private static Path large(Workplace place) throws IOException {
    Path file = place.builds().toAbsolutePath().resolve("text-2g");
    if (!Files.exists(file) || Files.size(file) != (long) LARGE_MIB * MIB) {
      byte[] block = text(new SplittableRandom(2), MIB);
      try (OutputStream out = Files.newOutputStream(file)) {
        for (int i = 0; i < LARGE_MIB; i++) {
          out.write(block);
        }
      }
    }
    return file;
  }

  private static byte[] text(SplittableRandom random, int bytes) {
    byte[] text = new byte[bytes];
    int left = 0;
    for (int i = 0; i < bytes; i++) {
      if (left == 0) {
        text[i] = (byte) (random.nextInt(MAX_WORD) == 0 ? '\n' : ' ');
        left = 1 + random.nextInt(MAX_WORD);
      } else {
        text[i] = (byte) ('a' + random.nextInt(LETTERS));
        left--;
      }
    }
    return text;
  }
}
