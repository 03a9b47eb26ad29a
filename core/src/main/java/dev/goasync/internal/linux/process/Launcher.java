package dev.goasync.internal.linux.process;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.LaunchSpec;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.PathNames;
import dev.goasync.internal.sys.ProcessCalls;
import dev.goasync.internal.sys.Spawn;
import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts child processes on Linux. posix_spawn blocks its thread until the child runs its program:
 * about a tenth of a millisecond, longer from a network file system. So a worker thread calls it on
 * behalf of a coroutine.
 */
public final class Launcher {
  private static final String SHELL = "/bin/sh";
  private static final Workers WORKERS = new Workers("goasync-io-start-");

  private final LaunchSpec spec;
  private final LaunchPipes pipes;
  private final String command;

  private Launcher(LaunchSpec spec, LaunchPipes pipes) {
    this.spec = spec;
    this.pipes = pipes;
    this.command = spec.command().getFirst();
  }

  public static LinuxChild launch(LaunchSpec spec) throws IOException {
    Path directory = spec.directory();
    if (directory != null && directory.getFileSystem() != FileSystems.getDefault()) {
      throw new ProviderMismatchException(
          "directory is not a path of the default file system: " + directory);
    }
    LinuxChild.reapSome();
    LinuxIo io = LinuxIo.acquire();
    try {
      LaunchPipes pipes = LaunchPipes.open(io, spec);
      boolean started = false;
      try {
        Launcher launcher = new Launcher(spec, pipes);
        LinuxChild child =
            Fiber.current() == null
                ? launcher.start()
                : WORKERS.run(
                    Workers.Duration.BOUNDED, "the start of " + launcher.command, launcher::start);
        started = true;
        return child;
      } finally {
        pipes.closeChildEnds(io);
        if (!started) {
          pipes.closeParentEnds();
        }
      }
    } finally {
      io.release();
    }
  }

  /** Blocks the thread. */
  private LinuxChild start() throws IOException {
    LinuxIo io = LinuxIo.acquireBlocking();
    try {
      return start(io.calls());
    } finally {
      io.release();
    }
  }

  private LinuxChild start(SystemCalls calls) throws IOException {
    ProcessCalls.keepExitStatus(calls);
    String program = spec.findProgram();
    int pid = Spawn.start(calls, child(program, spec.command()));
    if (pid == -Errno.ENOEXEC) { // a script without a line "#!"
      List<String> script = new ArrayList<>(spec.command());
      script.set(0, program);
      script.addFirst(SHELL);
      pid = Spawn.start(calls, child(SHELL, script));
    }
    if (pid < 0) {
      throw error(-pid);
    }
    int process = ProcessCalls.openProcess(calls, pid);
    if (process < 0) {
      ProcessCalls.killAndReap(calls, pid);
      throw error(-process);
    }
    return new LinuxChild(pid, new Descriptor(process, command + " (process " + pid + ")"), pipes);
  }

  private Spawn.Child child(String program, List<String> arguments) {
    LinuxPseudoTerminal terminal = pipes.terminal();
    Path directory = spec.directory();
    return new Spawn.Child(
        PathNames.encode(program),
        arguments.stream().map(PathNames::encode).toList(),
        Environment.of(spec),
        directory == null ? null : PathNames.encode(directory),
        pipes.childEnds(),
        terminal == null ? null : terminal.slavePath().getBytes(StandardCharsets.US_ASCII),
        spec.ownGroup());
  }

  private FileSystemException error(int errno) {
    return switch (errno) {
      case Errno.ENOSYS ->
          new FileSystemException(
              command,
              null,
              Errno.describe(errno)
                  + ": to start processes takes Linux 5.11 and glibc 2.29 or musl 1.1.24;"
                  + " -Dgoasync.backend=nio does without");
      case Errno.EAGAIN ->
          new FileSystemException(
              command, null, Errno.describe(errno) + ": too many processes (raise ulimit -u)");
      default -> IoErrors.ofFile(errno, command);
    };
  }
}
