package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Counting the words of many small files. */
final class SmallFiles {
  static final String CASE = "wc-20000";

  private static final String JDK = "jdk-virtual-threads";
  private static final String TWO_LOOPS = LoopsLoad.TWO;
  private static final String AT_ONCE = "64";
  private static final int DIRECTORIES = 200;
  private static final int FILES_IN_EACH = 100;
  private static final int MIN_WORDS = 50;
  private static final int MAX_WORDS = 500;

  private SmallFiles() {}

  static List<Trial> trials(Workplace place) {
    return List.of(
        ofBench(place, Results.US),
        ofBench(place, TWO_LOOPS),
        ofBench(place, JDK),
        trial(place, Peer.of("go", () -> List.of(place.build().go("wordcount")), Tool.GO)));
  }

  private static Trial ofBench(Workplace place, String peer) {
    return trial(place, Peer.ofBench(place, peer, "program.WordCount", peer));
  }

  /**
   * One loop is compared by processor time of a file, two loops by the throughput on two
   * processors.
   */
  static List<Target> targets() {
    return List.of(
        Target.ratio(
            "processor time of a small file, of virtual threads' with Files.readAllBytes",
            1,
            CASE,
            JDK,
            Metric.CPU_US_PER_OP),
        Target.rate(
            "small files a second by two loops, of the same on both processors",
            1,
            CASE,
            TWO_LOOPS,
            JDK,
            Metric.OPS_PER_S));
  }

  private static Trial trial(Workplace place, Peer peer) {
    return peer.trial(
        CASE,
        () -> {
          String directory = tree(place).toString();
          String milliseconds = place.quick() ? "300" : "2000";
          return peer.trial("", CASE, directory, AT_ONCE, milliseconds).body().run();
        });
  }

  /** Returns the directory of the files; the first call writes them. */
  private static Path tree(Workplace place) throws IOException {
    Path tree = place.builds().resolve("small-files");
    Path done = place.builds().resolve("small-files.done");
    if (!Files.exists(done)) {
      SplittableRandom random = new SplittableRandom(1);
      for (int directory = 0; directory < DIRECTORIES; directory++) {
        Path files = Files.createDirectories(tree.resolve(String.valueOf(directory)));
        for (int file = 0; file < FILES_IN_EACH; file++) {
          Files.writeString(files.resolve(file + ".txt"), text(random));
        }
      }
      Files.createFile(done);
    }
    return tree;
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    int words = random.nextInt(MIN_WORDS, MAX_WORDS);
    for (int word = 0; word < words; word++) {
      text.append(Long.toString(random.nextLong(1L << 40), Character.MAX_RADIX));
      text.append(word % 10 == 9 ? '\n' : ' ');
    }
    return text.toString();
  }
}
