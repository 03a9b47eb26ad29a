package dev.goasync.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.Action;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.file.AsyncFiles;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.World;
import dev.goasync.testkit.Modes;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the same script of file operations on the real disk and on that of a simulated host:
 * results, errors and messages must agree.
 */
final class FileParity {
  private static final int SEEDS = 5;

  /** What a script has seen, one line for each operation. */
  static final class Log {
    private final List<String> lines = new ArrayList<>();
    private final String directory;

    Log(Path directory) {
      this.directory = directory.toString();
    }

    void add(String what, Operation operation) {
      String result;
      try {
        result = String.valueOf(operation.run());
      } catch (Exception thrown) {
        result = thrown.getClass().getName() + ": " + thrown.getMessage();
      }
      lines.add(what + " -> " + result.replace(directory, "DIR"));
    }

    /** Adds the outcome of an operation without a result. */
    void run(String what, Action<?> action) {
      add(
          what,
          () -> {
            action.run();
            return "done";
          });
    }
  }

  /** One operation of a script. */
  @FunctionalInterface
  interface Operation {
    @Nullable Object run() throws Exception;
  }

  /** A script, which gets an empty directory. */
  @FunctionalInterface
  interface Script {
    void run(Path dir, Log log) throws Exception;
  }

  private FileParity() {}

  /** Runs a script in both worlds and compares what it has seen. */
  static void compare(Script script) throws Exception {
    compare(script, _ -> {});
  }

  /** As {@link #compare(Script)}; {@code prepare} gets the world of each simulation first. */
  static void compare(Script script, Consumer<World> prepare) throws Exception {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
    assumeTrue(!GoAsync.describe().contains("nio"), "the JDK's channels have errors of their own");
    List<String> real = new ArrayList<>();
    try (EventLoop loop = EventLoop.start("real")) {
      loop.goAsync(() -> real.addAll(lines(script))).await();
    }
    for (int seed = 0; seed < SEEDS; seed++) {
      List<String> simulated = new ArrayList<>();
      Simulation.with()
          .seed(seed)
          .run(world -> {
            prepare.accept(world);
            simulated.addAll(lines(script));
          });
      assertEquals(String.join("\n", real), String.join("\n", simulated));
    }
  }

  private static List<String> lines(Script script) throws Exception {
    Path directory = AsyncFiles.createTempDirectory("parity");
    try {
      Log log = new Log(directory);
      script.run(directory, log);
      return log.lines;
    } finally {
      deleteAll(directory);
    }
  }

  private static void deleteAll(Path path) throws Exception {
    if (AsyncFiles.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : AsyncFiles.list(path)) {
        deleteAll(entry);
      }
    }
    AsyncFiles.delete(path);
  }
}
