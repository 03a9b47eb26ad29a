package dev.goasync.process;

import dev.goasync.internal.platform.LaunchSpec;
import dev.goasync.internal.platform.Stdio;
import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.system.TerminalSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One start of a command: what a backend is told, and whose pipes the process gets. */
final class CommandLaunch {
  private final Command command;
  private final List<PipeStream> handedOver = new ArrayList<>();

  CommandLaunch(Command command) {
    this.command = command;
  }

  LaunchSpec spec() {
    CommandSettings settings = command.settings();
    TerminalSize terminal = settings.terminal;
    if (terminal != null) {
      checkNothingRedirected(settings);
    }
    return new LaunchSpec(
        command.words(),
        settings.directory,
        settings.inheritsEnvironment,
        settings.changes,
        stdio(settings.stdin, Stdio.Plain.PIPE),
        stdio(settings.stdout, Stdio.Plain.PIPE),
        settings.mergesStderr ? Stdio.Plain.MERGE : stdio(settings.stderr, Stdio.Plain.INHERIT),
        settings.ownGroup,
        terminal == null ? null : new TerminalHandle.Size(terminal.columns(), terminal.rows()));
  }

  private void checkNothingRedirected(CommandSettings settings) {
    if (settings.stdin != null
        || settings.stdout != null
        || settings.stderr != null
        || settings.mergesStderr) {
      throw new IllegalStateException(
          command.program() + " is to have a terminal, so nothing of it can be redirected");
    }
  }

  private Stdio stdio(@Nullable Redirect redirect, Stdio unsaid) {
    return switch (redirect) {
      case null -> unsaid;
      case Redirect.FromFile from -> new Stdio.OfFile(from.file, false);
      case Redirect.ToFile to -> new Stdio.OfFile(to.file, to.append);
      case Redirect.FromProcess from -> handOver(from.process.stdoutPipe());
      case Redirect.ToProcess to -> handOver(to.process.stdinPipe());
      case Redirect.Plain plain when plain == Redirect.INHERIT -> Stdio.Plain.INHERIT;
      case Redirect.Plain plain when plain == Redirect.DISCARD -> Stdio.Plain.DISCARD;
      case Redirect.Plain plain when plain == Redirect.PIPE -> Stdio.Plain.PIPE;
      default ->
          throw new IllegalStateException(
              redirect + " is for run() only; start " + command.program() + " with PIPE");
    };
  }

  private Stdio handOver(PipeStream pipe) {
    if (pipe.isReadAhead()) {
      throw new IllegalStateException(
          "somebody has read more from " + pipe + " than was taken, which would be lost");
    }
    handedOver.add(pipe);
    return new Stdio.OfPipe(pipe.handle());
  }

  /** The process has them now: ours are closed. */
  void handedOver() throws IOException {
    for (PipeStream pipe : handedOver) {
      pipe.closeNow();
    }
  }
}
