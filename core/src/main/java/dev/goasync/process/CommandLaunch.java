package dev.goasync.process;

import dev.goasync.internal.platform.LaunchSpec;
import dev.goasync.internal.platform.Stdio;
import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.system.TerminalSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Translates a {@link Command} into the {@link LaunchSpec} of a backend, and remembers the pipes
 * that the new process takes over from other processes.
 */
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
          command.program()
              + " runs in a terminal, so its streams cannot be redirected; remove the redirections"
              + " or terminal()");
    }
  }

  private Stdio stdio(@Nullable Redirect redirect, Stdio defaultStdio) {
    return switch (redirect) {
      case null -> defaultStdio;
      case Redirect.FromFile from -> new Stdio.OfFile(from.file, false);
      case Redirect.ToFile to -> new Stdio.OfFile(to.file, to.append);
      case Redirect.FromProcess from -> handOver(from.process.stdoutPipe());
      case Redirect.ToProcess to -> handOver(to.process.stdinPipe());
      case Redirect.Plain plain when plain == Redirect.INHERIT -> Stdio.Plain.INHERIT;
      case Redirect.Plain plain when plain == Redirect.DISCARD -> Stdio.Plain.DISCARD;
      case Redirect.Plain plain when plain == Redirect.PIPE -> Stdio.Plain.PIPE;
      default ->
          throw new IllegalStateException(
              "the redirection "
                  + redirect
                  + " is for run() only; start "
                  + command.program()
                  + " with PIPE");
    };
  }

  private Stdio handOver(PipeStream pipe) {
    if (pipe.hasBufferedBytes()) {
      throw new IllegalStateException(
          pipe
              + " has buffered bytes that another process would not see; read them, or redirect"
              + " before the first read");
    }
    handedOver.add(pipe);
    return new Stdio.OfPipe(pipe.handle());
  }

  /** Closes this program's ends of the pipes that the started process has taken over. */
  void closeHandedOver() throws IOException {
    for (PipeStream pipe : handedOver) {
      pipe.closeUnflushed();
    }
  }
}
