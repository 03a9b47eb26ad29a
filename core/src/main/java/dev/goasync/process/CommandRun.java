package dev.goasync.process;

import dev.goasync.Body;
import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.TaskFailedException;
import dev.goasync.TaskScope;
import dev.goasync.internal.loop.Fiber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link Command#run} or {@link Pipeline#run}: starts the processes, feeds the first,
 * captures their output, and waits until they have ended. Confined to one coroutine.
 */
final class CommandRun {
  private static final byte[] NOTHING = {};

  private final List<Command> requested;
  private final List<Command> prepared = new ArrayList<>();

  /** The captured standard error of each command; null if it is not captured. */
  private final List<@Nullable Capture> errors = new ArrayList<>();

  private @Nullable Capture output;

  private byte @Nullable [] input;

  private CommandRun(List<Command> requested) {
    this.requested = requested;
  }

  static CommandResult run(List<Command> commands) throws IOException {
    CommandRun run = new CommandRun(commands);
    run.prepare();
    return inCoroutine(run::run);
  }

  /**
   * Reading and feeding need several coroutines. These run on the caller's loop, or on the default
   * loop if the caller is a plain thread. Inside {@code sync}, which blocks the caller's loop, they
   * run on a loop that is created for this call.
   */
  private static CommandResult inCoroutine(Body<CommandResult, IOException> body)
      throws IOException {
    if (Fiber.current() == null && Fiber.currentIncludingSync() != null) {
      try (EventLoop loop = EventLoop.start("goasync-run")) {
        return loop.goAsync(body).await();
      } catch (TaskFailedException failed) {
        throw unwrapped(failed);
      }
    }
    return TaskScope.<CommandResult, IOException>run(_ -> body.call());
  }

  private static IOException unwrapped(TaskFailedException failed) {
    if (failed.getCause() instanceof IOException thrown) {
      return thrown;
    }
    throw failed;
  }

  // ---- before the start ----

  private void prepare() {
    for (int i = 0; i < requested.size(); i++) {
      Command command = requested.get(i);
      CommandSettings settings = command.settings();
      if (settings.terminal != null) {
        prepared.add(command);
        continue;
      }
      if (i == 0) {
        command = command.stdin(preparedInput(settings.stdin));
      }
      if (i == requested.size() - 1) {
        command = command.stdout(preparedOutput(settings.stdout));
      }
      if (!settings.mergesStderr) {
        command = command.stderr(preparedOutput(settings.stderr));
      }
      prepared.add(command);
    }
  }

  private Redirect preparedInput(@Nullable Redirect redirect) {
    refusePipe(redirect, Redirect.of(NOTHING));
    if (redirect instanceof Redirect.Bytes given) {
      input = given.bytes;
      return Redirect.PIPE;
    }
    return redirect == null ? Redirect.DISCARD : redirect;
  }

  private static Redirect preparedOutput(@Nullable Redirect redirect) {
    refusePipe(redirect, Redirect.CAPTURE);
    return redirect == null || isCaptured(redirect) ? Redirect.PIPE : redirect;
  }

  private static void refusePipe(@Nullable Redirect redirect, Redirect instead) {
    if (redirect == Redirect.PIPE) {
      throw new IllegalStateException(
          "run() gives no access to a pipe; redirect to " + instead + ", or use start()");
    }
  }

  private static boolean isCaptured(@Nullable Redirect redirect) {
    return redirect == null || redirect == Redirect.CAPTURE || redirect instanceof Redirect.Tee;
  }

  // ---- running ----

  private CommandResult run() throws IOException {
    try (AsyncPipeline pipeline = AsyncPipeline.start(prepared)) {
      createCaptures(pipeline);
      return TaskScope.<CommandResult, IOException>run(scope -> awaitResult(scope, pipeline));
    } catch (TaskFailedException failed) {
      throw unwrapped(failed);
    }
  }

  private void createCaptures(AsyncPipeline pipeline) {
    List<AsyncProcess> processes = pipeline.processes();
    for (int i = 0; i < processes.size(); i++) {
      CommandSettings settings = requested.get(i).settings();
      PipeStream stderr = processes.get(i).stderrPipe();
      errors.add(
          stderr == null
              ? null
              : new Capture(stderr, settings.captureLimit, copyOf(settings.stderr)));
    }
    CommandSettings last = requested.getLast().settings();
    AsyncProcess writer = processes.getLast();
    if (last.terminal != null) {
      output = new Capture(writer.terminal(), last.captureLimit, null);
    } else if (isCaptured(last.stdout)) {
      output = new Capture(writer.stdoutPipe(), last.captureLimit, copyOf(last.stdout));
    }
  }

  private static @Nullable OutputStream copyOf(@Nullable Redirect redirect) {
    return redirect instanceof Redirect.Tee tee ? tee.copy : null;
  }

  private CommandResult awaitResult(TaskScope scope, AsyncPipeline pipeline) throws IOException {
    List<Capture> captures = new ArrayList<>();
    if (output != null) {
      captures.add(output);
    }
    for (Capture error : errors) {
      if (error != null) {
        captures.add(error);
      }
    }
    List<Task<?>> helpers = new ArrayList<>();
    captures.forEach(capture -> helpers.add(scope.goAsync(capture::readToEnd)));
    if (input != null) {
      helpers.add(scope.goAsync(() -> feed(pipeline.processes().getFirst().stdinPipe())));
    }
    List<Integer> codes = pipeline.await();
    helpers.forEach(helper -> helper.cancel("the process has ended"));
    helpers.forEach(CommandRun::settle);
    for (Capture capture : captures) {
      capture.readAvailable();
    }
    return result(codes);
  }

  /** A process need not read all of its input: that is not an error of the write. */
  private void feed(PipeStream stdin) {
    try (stdin) {
      stdin.writeAll(input == null ? NOTHING : input);
    } catch (IOException notRead) {
      // the exit code shows whether the process needed the rest
    }
  }

  private static void settle(Task<?> helper) {
    try {
      helper.await();
    } catch (CancellationException expected) {
      // if this coroutine was cancelled instead, its next wait throws again
    }
  }

  private CommandResult result(List<Integer> codes) {
    ByteArrayOutputStream allErrors = new ByteArrayOutputStream(0);
    for (Capture error : errors) {
      if (error != null) {
        allErrors.writeBytes(error.bytes());
      }
    }
    return new CommandResult(
        requested.stream().map(Command::program).collect(Collectors.joining(" | ")),
        codes,
        output == null ? NOTHING : output.bytes(),
        allErrors.toByteArray());
  }
}
