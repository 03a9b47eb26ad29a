package dev.goasync.bench.program;

import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import dev.goasync.process.Redirect;
import java.io.IOException;

/** Starts {@code /bin/true} repeatedly and waits for it, in coroutines or virtual threads. */
public final class ProcessWork {
  private static final String COMMAND = "/bin/true";
  private static final Command OURS =
      Command.of(COMMAND).stdin(Redirect.INHERIT).stdout(Redirect.INHERIT).stderr(Redirect.INHERIT);

  private ProcessWork() {}

  /** Starts the command and waits for it. */
  @FunctionalInterface
  private interface Start {
    int run() throws Exception;
  }

  /** Arguments: the peer, the case, the concurrency, and the milliseconds to measure. */
  public static void main(String[] args) throws Exception {
    Crew crew = Crew.of(args[0]);
    Start start = args[0].equals("goasync") ? ProcessWork::runAsync : ProcessWork::runPlain;
    int atOnce = Integer.parseInt(args[2]);
    long milliseconds = Long.parseLong(args[3]);
    var _ = run(crew, start, atOnce, milliseconds); // warms up the JIT
    Usage before = Usage.withChildren();
    Usage.print(args[1], run(crew, start, atOnce, milliseconds), before, Usage.withChildren());
    Runtime.getRuntime().halt(0);
  }

  private static int runAsync() throws IOException {
    try (AsyncProcess process = OURS.start()) {
      return process.await();
    }
  }

  private static int runPlain() throws IOException, InterruptedException {
    return new ProcessBuilder(COMMAND).inheritIO().start().waitFor();
  }

  private static long run(Crew crew, Start start, int atOnce, long milliseconds) throws Exception {
    long until = System.nanoTime() + milliseconds * 1_000_000;
    return crew.run(
        atOnce,
        _ ->
            () -> {
              long done = 0;
              for (; System.nanoTime() - until < 0; done++) {
                int code = start.run();
                if (code != 0) {
                  throw new AssertionError(COMMAND + " ended with " + code);
                }
              }
              return done;
            });
  }
}
