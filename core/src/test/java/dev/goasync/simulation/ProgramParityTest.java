package dev.goasync.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.file.AsyncFiles;
import dev.goasync.io.ByteStream;
import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import dev.goasync.process.Redirect;
import dev.goasync.system.Signal;
import dev.goasync.system.StandardStream;
import dev.goasync.testing.SimulatedProgram;
import dev.goasync.testing.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same script of commands with the programs of Linux and with simulated ones, whose bodies do
 * what the former do.
 */
@Timeout(60)
final class ProgramParityTest {
  private static final Duration SETTLED = Duration.ofMillis(50);

  /** The scripts. */
  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  enum Script {
    ECHO((_, log) -> {
      log.add("output", () -> Command.of("echo", "one", "two").run().output());
      log.add("code", () -> Command.of("echo").run().exitCode());
    }),
    EXIT_CODES((_, log) -> {
      log.add("true", () -> Command.of("true").run().exitCode());
      log.add("false", () -> Command.of("false").run().exitCode());
      try (AsyncProcess process = Command.of("false").start()) {
        log.add("await", process::await);
        log.add("again", process::await);
        log.add("alive", process::isAlive);
        log.add("in time", () -> process.tryAwait(SETTLED));
        process.signal(Signal.TERM);
      }
    }),
    A_CONVERSATION((_, log) -> {
      try (AsyncProcess cat = Command.of("cat").start()) {
        cat.stdin().writeAll("hello\n");
        log.add("line", () -> cat.stdout().readLine());
        log.add("alive", cat::isAlive);
        cat.stdin().close();
        log.add("end", () -> cat.stdout().readLine());
        log.add("code", cat::await);
        log.add("write to the closed", () -> cat.stdin().write(ByteBuffer.allocate(1)));
      }
    }),
    WRITE_AFTER_THE_END((_, log) -> {
      AsyncProcess process = Command.of("true").start();
      log.add("code", process::await);
      log.add("write", () -> process.stdin().write(ByteBuffer.allocate(1)));
      log.add("read", () -> process.stdout().read(ByteBuffer.allocate(1)));
      process.close();
      log.add("read of the closed", () -> process.stdout().read(ByteBuffer.allocate(1)));
      log.add("text", () -> process.stdout());
    }),
    MANY_BYTES((_, log) -> {
      byte[] sent = new byte[500_000];
      log.add("count", () -> Command.of("cat").stdin(Redirect.of(sent)).run().outputBytes().length);
    }),
    MISSING((dir, log) -> {
      Command missing = Command.of("goasync-missing").environment("PATH", "/usr/bin:/bin");
      log.add("by name", missing::start);
      log.add("without a PATH", () -> Command.of("goasync-missing").emptyEnvironment().start());
      log.add("by path", () -> Command.of(dir + "/missing").start());
      log.add("a directory", () -> Command.of(dir.toString()).start());
      AsyncFiles.writeString(dir.resolve("file"), "x");
      log.add("not executable", () -> Command.of(dir + "/file").start());
      log.add("relative", () -> Command.of("./file").directory(dir).start());
      log.add("no directory", () -> Command.of("cat").directory(dir.resolve("none")).start());
      log.add("a file", () -> Command.of("cat").directory(dir.resolve("file")).start());
      Redirect input = Redirect.from(dir.resolve("none"));
      log.add("no input", () -> Command.of("cat").stdin(input).start());
      Redirect output = Redirect.to(dir.resolve("none/file"));
      log.add("no place for the output", () -> Command.of("cat").stdout(output).start());
    }),
    WORKING_DIRECTORY((dir, log) -> {
      log.add("pwd", () -> Command.of("pwd").directory(dir).run().output());
      AsyncFiles.createDirectories(dir.resolve("sub"));
      log.add("pwd", () -> Command.of("pwd").directory(dir.resolve("sub")).run().output());
      AsyncFiles.writeString(dir.resolve("sub/file"), "content");
      log.add("file", () -> Command.of("cat", "file").directory(dir.resolve("sub")).run().output());
    }),
    ENVIRONMENT((_, log) -> {
      Command env =
          Command.of("env").emptyEnvironment().environment("A", "1").environment("B", "2");
      log.add("env", () -> env.run().output());
      log.add("less", () -> env.withoutEnvironment("A").run().output());
    }),
    FILES((dir, log) -> {
      Path in = dir.resolve("in");
      Path out = dir.resolve("out");
      AsyncFiles.writeString(in, "first\n");
      Command cat = Command.of("cat").stdin(Redirect.from(in));
      log.add("code", () -> cat.stdout(Redirect.to(out)).run().exitCode());
      log.add("content", () -> AsyncFiles.readString(out));
      log.add("code", () -> cat.stdout(Redirect.appendTo(out)).run().exitCode());
      log.add("content", () -> AsyncFiles.readString(out));
      log.add("code", () -> cat.stdout(Redirect.to(out)).run().exitCode());
      log.add("content", () -> AsyncFiles.readString(out));
    }),
    DISCARDED((_, log) ->
        log.add(
            "code",
            () ->
                Command.of("cat")
                    .stdin(Redirect.DISCARD)
                    .stdout(Redirect.DISCARD)
                    .run()
                    .exitCode())),
    PIPELINE((_, log) -> {
      log.add(
          "output",
          () ->
              Command.of("echo", "x")
                  .pipeTo(Command.of("cat"))
                  .pipeTo(Command.of("cat"))
                  .run()
                  .output());
      log.add("codes", () -> Command.of("false").pipeTo(Command.of("cat")).run().exitCodes());
    }),
    TERMINATED((_, log) -> {
      try (AsyncProcess sleep = Command.of("sleep", "1000").start()) {
        sleep.terminate();
        log.add("code", sleep::await);
      }
    }),
    KILLED((_, log) -> {
      try (AsyncProcess sleep = Command.of("sleep", "1000").start()) {
        sleep.kill();
        log.add("code", sleep::await);
        sleep.kill();
        log.add("output", () -> sleep.stdout().readLine());
      }
    }),
    OTHER_SIGNALS((_, log) -> {
      try (AsyncProcess sleep = Command.of("sleep", "1000").start()) {
        sleep.signal(Signal.WINCH);
        sleep.resume();
        log.add("alive", sleep::isAlive);
        log.add(
            "number",
            () -> {
              sleep.signal(65);
              return "sent";
            });
        sleep.signal(Signal.USR1);
        log.add("code", sleep::await);
      }
    }),
    GROUP((_, log) -> {
      try (AsyncProcess sleep = Command.of("sleep", "1000").ownGroup().start()) {
        sleep.group().terminate();
        log.add("code", sleep::await);
      }
      try (AsyncProcess sleep = Command.of("sleep", "1000").start()) {
        log.add(
            "no group",
            () -> {
              try {
                return sleep.group();
              } catch (IllegalStateException refused) {
                return String.valueOf(refused.getMessage()).replaceAll("[0-9]+", "PID");
              }
            });
      }
    }),
    TIME_LIMITS((_, log) -> {
      try (AsyncProcess sleep = Command.of("sleep", "1000").start()) {
        log.add("in time", () -> sleep.tryAwait(SETTLED));
        log.add("limit", () -> GoAsync.withTimeout(SETTLED, () -> sleep.await()));
        log.add("negative", () -> sleep.tryAwait(Duration.ofNanos(-1)));
        log.add("alive", sleep::isAlive);
      }
      log.add("run", () -> GoAsync.withTimeout(SETTLED, () -> Command.of("sleep", "1000").run()));
    }),
    CANCELLED((_, log) -> {
      AsyncProcess[] started = new AsyncProcess[1];
      Task<?> task =
          GoAsync.goAsync(() -> {
            try (AsyncProcess sleep = Command.of("sleep", "1000").start()) {
              started[0] = sleep;
              log.add("await", sleep::await);
            }
          });
      GoAsync.sleep(SETTLED);
      task.cancel();
      log.add(
          "task",
          () -> {
            task.await();
            return "done";
          });
      log.add("alive", () -> started[0].isAlive());
    }),
    ENDS_WITH_ITS_SCOPE((_, log) -> {
      AsyncProcess[] started = new AsyncProcess[1];
      String result =
          TaskScope.run(_ -> {
            started[0] = Command.of("sleep", "1000").start();
            return "left";
          });
      log.add("result", () -> result);
      log.add("alive", () -> started[0].isAlive());
    }),
    CLOSED((_, log) -> {
      AsyncProcess sleep = Command.of("sleep", "1000").start();
      sleep.close();
      sleep.close();
      log.add("code", sleep::await);
    });

    private final FileParity.Script body;

    Script(FileParity.Script body) {
      this.body = body;
    }
  }

  private static void copy(ByteStream from, ByteStream to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (from.read(buffer) >= 0) {
      to.writeAll(buffer.flip());
      buffer.clear();
    }
  }

  private static int cat(SimulatedProgram.Call call) throws IOException {
    if (call.arguments().isEmpty()) {
      copy(StandardStream.in(), StandardStream.out());
    } else {
      // a relative path, which the working directory of the program resolves
      StandardStream.out().writeAll(AsyncFiles.readString(Path.of(call.arguments().getFirst())));
    }
    return 0;
  }

  private static void addPrograms(World world) {
    world.program("true", _ -> 0);
    world.program("false", _ -> 1);
    world.program("cat", ProgramParityTest::cat);
    world.program(
        "echo",
        call -> {
          StandardStream.out().writeAll(String.join(" ", call.arguments()) + "\n");
          return 0;
        });
    world.program(
        "pwd",
        call -> {
          StandardStream.out().writeAll(call.directory() + "\n");
          return 0;
        });
    world.program(
        "env",
        call -> {
          StringBuilder text = new StringBuilder();
          call.environment().forEach((name, value) -> text.append(name + "=" + value + "\n"));
          StandardStream.out().writeAll(ByteBuffer.wrap(text.toString().getBytes(UTF_8)));
          return 0;
        });
    world.program(
        "sleep",
        call -> {
          GoAsync.sleep(Duration.ofSeconds(Long.parseLong(call.arguments().getFirst())));
          return 0;
        });
  }

  @ParameterizedTest
  @EnumSource
  void programsBehaveAsReal(Script script) throws Exception {
    FileParity.compare(script.body, ProgramParityTest::addPrograms);
  }
}
