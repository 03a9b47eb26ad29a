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

/** Runs commands to their end: feeds the first, and keeps what they write. Of one coroutine. */
final class CommandRun {
  private static final byte[] NOTHING = {};

  private final List<Command> asked;
  private final List<Command> prepared = new ArrayList<>();

  // Of each command, what is to be captured.
  private final List<@Nullable Capture> errors = new ArrayList<>();
  private @Nullable Capture output;

  private byte @Nullable [] input;

  private CommandRun(List<Command> asked) {
    this.asked = asked;
  }

  static CommandResult run(List<Command> commands) throws IOException {
    CommandRun conversation = new CommandRun(commands);
    conversation.prepare();
    return inCoroutine(conversation::run);
  }

  /**
   * Several things go on at once, which takes coroutines: of the caller's loop, of the default one
   * for a thread; inside {@code sync}, which holds the caller's, of one that is made for it.
   */
  private static CommandResult inCoroutine(Body<CommandResult, IOException> body)
      throws IOException {
    if (Fiber.current() == null && Fiber.currentEvenInSync() != null) {
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
    for (int i = 0; i < asked.size(); i++) {
      Command command = asked.get(i);
      CommandSettings settings = command.settings();
      if (settings.terminal != null) {
        prepared.add(command);
        continue;
      }
      if (i == 0) {
        command = command.stdin(preparedInput(settings.stdin));
      }
      if (i == asked.size() - 1) {
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
          "nobody could use the pipe to a process that run() starts; redirect to "
              + instead
              + ", or start() it");
    }
  }

  private static boolean isCaptured(@Nullable Redirect redirect) {
    return redirect == null || redirect == Redirect.CAPTURE || redirect instanceof Redirect.Tee;
  }

  // ---- from the start to the end ----

  private CommandResult run() throws IOException {
    try (AsyncPipeline pipeline = AsyncPipeline.start(prepared)) {
      listen(pipeline);
      return TaskScope.<CommandResult, IOException>run(scope -> converse(scope, pipeline));
    } catch (TaskFailedException failed) {
      throw unwrapped(failed);
    }
  }

  private void listen(AsyncPipeline pipeline) {
    List<AsyncProcess> processes = pipeline.processes();
    for (int i = 0; i < processes.size(); i++) {
      CommandSettings settings = asked.get(i).settings();
      PipeStream stderr = processes.get(i).stderrPipe();
      errors.add(
          stderr == null
              ? null
              : new Capture(stderr, settings.captureLimit, shown(settings.stderr)));
    }
    CommandSettings last = asked.getLast().settings();
    AsyncProcess writer = processes.getLast();
    if (last.terminal != null) {
      output = new Capture(writer.terminal(), last.captureLimit, null);
    } else if (isCaptured(last.stdout)) {
      output = new Capture(writer.stdoutPipe(), last.captureLimit, shown(last.stdout));
    }
  }

  private static @Nullable OutputStream shown(@Nullable Redirect redirect) {
    return redirect instanceof Redirect.Tee tee ? tee.shown : null;
  }

  private CommandResult converse(TaskScope scope, AsyncPipeline pipeline) throws IOException {
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
    captures.forEach(capture -> helpers.add(scope.goAsync(capture::untilEnd)));
    if (input != null) {
      helpers.add(scope.goAsync(() -> feed(pipeline.processes().getFirst().stdinPipe())));
    }
    List<Integer> codes = pipeline.await();
    helpers.forEach(helper -> helper.cancel("the process has ended"));
    helpers.forEach(CommandRun::settle);
    for (Capture capture : captures) {
      capture.rest();
    }
    return result(codes);
  }

  /** One that does not read to the end, or at all, has what it wants. */
  private void feed(PipeStream stdin) {
    try (stdin) {
      stdin.writeAll(input == null ? NOTHING : input);
    } catch (IOException notRead) {
      // its exit code tells whether that was wrong
    }
  }

  private static void settle(Task<?> helper) {
    try {
      helper.await();
    } catch (CancellationException asWanted) {
      // if it is we who were cancelled, the next wait says so again
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
        asked.stream().map(Command::program).collect(Collectors.joining(" | ")),
        codes,
        output == null ? NOTHING : output.bytes(),
        allErrors.toByteArray());
  }
}
