package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Reads of a large file and appends to a new one. */
public final class FileSuite implements Suite {
  private static final int MEBIBYTE = 1024 * 1024;
  private static final String JDK = "jdk-virtual-threads";
  private static final String ASYNC_CHANNEL = "jdk-async-channel";
  private static final String PREAD = "c-pread";

  /**
   * Reads with {@code preadv2} and RWF_NOWAIT, the system call that a loop uses, without the
   * library.
   */
  private static final String PREADV2 = "c-preadv2";

  /** A kind of file access, and its concurrency. */
  private record Use(String caseName, int atOnce) {
    boolean appends() {
      return caseName.equals("append");
    }
  }

  private static final List<Use> USES =
      List.of(
          new Use("random-cached-1", 1),
          new Use("random-cached-64", 64),
          new Use("random-direct-64", 64),
          new Use("random-direct-256", 256),
          new Use("sequential", 1),
          new Use("append", 1));

  @Override
  public String name() {
    return "file";
  }

  @Override
  public String purpose() {
    return "Random reads of 4 KiB from a file in the page cache by 1 and by 64 at a time, and past"
        + " the cache (O_DIRECT) by 64 and 256; reads of 64 KiB one after the other, cached;"
        + " appends of 4 KiB, not forced to the device. Words counted in 20,000 small cached files,"
        + " each opened, read and closed, by 64 at a time. Processor time of the whole process.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public List<String> notQuick() {
    return List.of(
        "random-cached-1",
        "random-direct-64",
        "random-direct-256",
        "sequential",
        "append",
        SmallFiles.CASE);
  }

  @Override
  public List<Trial> trials(Workplace place) {
    List<Trial> trials = new ArrayList<>();
    for (Use use : USES) {
      for (Peer peer : peers(place)) {
        trials.add(peer.trial(use.caseName(), () -> measure(place, peer, use)));
      }
      if (use.caseName().startsWith("random")) {
        trials.add(asyncChannel(place, use));
      }
      if (use.caseName().startsWith("random-cached")) {
        trials.add(pread(place, use, PREAD, "pread"));
        trials.add(pread(place, use, PREADV2, "preadv2"));
      }
      trials.addAll(Fio.trials(place, use.caseName(), use.atOnce(), () -> data(place)));
    }
    trials.addAll(SmallFiles.trials(place));
    return trials;
  }

  /** The JDK's asynchronous channel, in which every read has a position. */
  private static Trial asyncChannel(Workplace place, Use use) {
    Peer peer = Peer.ofBench(place, ASYNC_CHANNEL, "program.AsyncChannelWork");
    return peer.trial(
        use.caseName(),
        () -> {
          String file = data(place).toString();
          String atOnce = String.valueOf(use.atOnce());
          return peer.trial("", use.caseName(), file, atOnce, milliseconds(place)).body().run();
        });
  }

  /** One read after another, whatever the concurrency of the case. */
  private static Trial pread(Workplace place, Use use, String name, String call) {
    Peer peer = Peer.of(name, () -> List.of(place.build().c("pread")), Tool.GCC);
    return peer.trial(
        use.caseName(),
        () -> {
          String file = data(place).toString();
          return peer.trial("", use.caseName(), file, milliseconds(place), call).body().run();
        });
  }

  private static String milliseconds(Workplace place) {
    return place.quick() ? "300" : "2000";
  }

  private static List<Peer> peers(Workplace place) {
    return List.of(
        Peer.ofBench(place, Results.US, "program.FileWork", Results.US),
        Peer.ofBench(place, JDK, "program.FileWork", JDK),
        Peer.of("go", () -> List.of(place.build().go("fileio")), Tool.GO),
        Peer.of(
            "c-uring",
            () -> List.of(place.build().c("file_io", "-luring")),
            Tool.GCC,
            Tool.LIBURING));
  }

  private static List<Measurement> measure(Workplace place, Peer peer, Use use) throws Exception {
    String atOnce = String.valueOf(use.atOnce());
    if (!use.appends()) {
      String file = data(place).toString();
      return peer.trial("", use.caseName(), file, atOnce, milliseconds(place)).body().run();
    }
    Path file = place.builds().resolve("appended.bin");
    Files.deleteIfExists(file);
    try {
      String appends = place.quick() ? "5000" : "50000";
      return peer.trial("", use.caseName(), file.toString(), atOnce, appends).body().run();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Returns the file that is read; the first call writes it, and every call puts it in the page
   * cache.
   */
  private static Path data(Workplace place) throws IOException {
    long size = (place.quick() ? 64L : 512L) * MEBIBYTE;
    Path file = place.builds().resolve("read-" + size + ".bin");
    byte[] block = new byte[MEBIBYTE];
    if (!Files.exists(file) || Files.size(file) != size) {
      new SplittableRandom(1).nextBytes(block);
      try (OutputStream out = Files.newOutputStream(file)) {
        for (long written = 0; written < size; written += block.length) {
          out.write(block);
        }
      }
    }
    try (var in = Files.newInputStream(file)) {
      while (in.read(block) > 0) {}
    }
    return file;
  }

  @Override
  public List<Target> targets() {
    List<Target> targets =
        new ArrayList<>(
            List.of(
                Target.rate(
                    "cached reads a second, of a plain loop of pread",
                    0.9,
                    "random-cached-1",
                    PREAD),
                Target.rate(
                    "the same, of a loop of preadv2 with RWF_NOWAIT, as ours is",
                    0.9,
                    "random-cached-1",
                    PREADV2),
                Target.rate(
                    "the same by 64 coroutines on one loop", 0.9, "random-cached-64", PREAD),
                Target.rate(
                    "the same, of AsynchronousFileChannel's", 1, "random-cached-64", ASYNC_CHANNEL),
                Target.rate(
                    "256 direct reads at a time, a second, of fio's with io_uring",
                    0.95,
                    "random-direct-256",
                    "fio"),
                Target.rate(
                    "the same, of AsynchronousFileChannel's",
                    1,
                    "random-direct-256",
                    ASYNC_CHANNEL),
                Target.ratio(
                    "processor time of a direct read, 256 at a time, of virtual threads' with"
                        + " FileChannel",
                    0.5,
                    "random-direct-256",
                    JDK,
                    Metric.CPU_US_PER_OP)));
    targets.addAll(SmallFiles.targets());
    return targets;
  }
}
