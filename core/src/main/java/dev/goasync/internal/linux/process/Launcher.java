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
import dev.goasync.internal.util.ThreadLimit;
import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts child processes on Linux. posix_spawn blocks its thread until the child runs its program:
 * about a tenth of a millisecond, longer from a network file system. So a worker thread calls it on
 * behalf of a coroutine.
 */
public final class Launcher {
  private static final String SHELL = "/bin/sh";

  /** The longest pause before a retry; all pauses together are twice as long. */
  private static final long MAX_BUSY_MILLIS = 1024;

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
        LinuxChild child = Fiber.current() == null ? launcher.start() : launcher.startOnWorker();
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

  private LinuxChild startOnWorker() throws IOException {
    return WORKERS.run(Workers.Duration.BOUNDED, "the start of " + command, this::start);
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
    int pid = spawn(calls, child(program, spec.command()));
    if (pid == -Errno.ENOEXEC) { // a script without a line "#!"
      List<String> script = new ArrayList<>(spec.command());
      script.set(0, program);
      script.addFirst(SHELL);
      pid = spawn(calls, child(SHELL, script));
    }
    if (pid < 0) {
      FileSystemException reason =
          pid == -Errno.ENOENT || pid == -Errno.EACCES ? spec.explainFailure(program) : null;
      throw reason != null ? reason : error(-pid);
    }
    int process = ProcessCalls.openProcess(calls, pid);
    if (process < 0) {
      ProcessCalls.killAndReap(calls, pid);
      throw error(-process);
    }
    return new LinuxChild(
        pid,
        new Descriptor(process, command + " (process " + pid + ")"),
        pipes,
        spec.ownGroup() || pipes.terminal() != null);
  }

  /**
   * Starts the child, and tries again for about two seconds if the program's file is open for
   * writing. A file that this process has just written and closed may be open in a sibling: another
   * child, started at the same time, has a copy of every descriptor until it executes its own
   * program.
   */
  private static int spawn(SystemCalls calls, Spawn.Child child) {
    int pid = Spawn.start(calls, child);
    for (long millis = 1; pid == -Errno.ETXTBSY && millis <= MAX_BUSY_MILLIS; millis *= 2) {
      awaitRetry(millis);
      pid = Spawn.start(calls, child);
    }
    return pid;
  }

  /** Parks for the full time, also in an interrupted thread. */
  private static void awaitRetry(long millis) {
    boolean interrupted = Thread.interrupted();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
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
      case Errno.ENOSYS, Errno.EPERM ->
          new FileSystemException(
              command,
              null,
              Errno.describe(errno)
                  + ": child processes need Linux 5.11, a seccomp profile that allows its calls,"
                  + " and glibc 2.29 or musl 1.1.24, or -Dgoasync.backend=nio");
      case Errno.ETXTBSY ->
          new FileSystemException(
              command,
              null,
              Errno.describe(errno) + ": a process has the program's file open for writing");
      case Errno.EAGAIN ->
          new FileSystemException(
              command, null, Errno.describe(errno) + ": " + ThreadLimit.MESSAGE);
      default -> IoErrors.ofFile(errno, command);
    };
  }
}
