package dev.goasync.internal.linux.process;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.platform.LaunchSpec;
import dev.goasync.internal.platform.Stdio;
import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.OpenFlags;
import dev.goasync.internal.sys.PathNames;
import dev.goasync.internal.sys.ProcessCalls;
import dev.goasync.internal.sys.Spawn;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of one launch: the child's descriptors 0 to 2, which are closed here once the
 * child runs, and this process's ends of the pipes. Opened by the caller of the launch, a coroutine
 * say, since opening a file may wait.
 */
final class LaunchPipes {
  private static final int NEW_FILE_MODE = 0666;
  private static final String NULL_DEVICE = "/dev/null";
  private static final String[] NAMES = {"standard input", "standard output", "standard error"};

  private final String command;
  private final int[] childEnds = {Spawn.INHERITED, Spawn.INHERITED, Spawn.INHERITED};
  private final @Nullable LinuxPipe[] parentEnds = new LinuxPipe[childEnds.length];
  private @Nullable LinuxPseudoTerminal terminal;

  private LaunchPipes(String command) {
    this.command = command;
  }

  /** Opens the files and creates the pipes or the terminal that the child needs. */
  static LaunchPipes open(LinuxIo io, LaunchSpec spec) throws IOException {
    LaunchPipes pipes = new LaunchPipes(spec.command().getFirst());
    boolean complete = false;
    try {
      TerminalHandle.Size size = spec.terminal();
      if (size != null) {
        pipes.terminal = LinuxPseudoTerminal.open(io, size);
      } else {
        pipes.prepare(io, 0, spec.input());
        pipes.prepare(io, 1, spec.output());
        pipes.prepare(io, 2, spec.error());
      }
      complete = true;
      return pipes;
    } finally {
      if (!complete) {
        pipes.closeChildEnds(io);
        pipes.closeParentEnds();
      }
    }
  }

  private void prepare(LinuxIo io, int number, Stdio stdio) throws IOException {
    switch (stdio) {
      case Stdio.Plain plain -> {
        switch (plain) {
          case INHERIT -> {}
          case MERGE -> childEnds[number] = Spawn.MERGED;
          case DISCARD -> childEnds[number] = openNullDevice(io, number);
          case PIPE -> makePipe(io, number);
        }
      }
      case Stdio.OfFile file ->
          childEnds[number] = openFile(io, file.path(), flags(number, file.append()));
      case Stdio.OfPipe(LinuxPipe pipe) -> childEnds[number] = pipe.duplicate();
      case Stdio.OfPipe other ->
          throw new IllegalArgumentException(
              "the pipe " + other.pipe() + " was created by another backend");
    }
  }

  private static int openNullDevice(LinuxIo io, int number) throws IOException {
    int fd = openDevice(io, NULL_DEVICE, number == 0 ? Linux.O_RDONLY : Linux.O_WRONLY);
    if (fd < 0) {
      throw IoErrors.ofFile(-fd, NULL_DEVICE);
    }
    return aboveStandard(io, fd, NULL_DEVICE);
  }

  /** Opens a device by a plain system call, which does not wait; a descriptor or -errno. */
  static int openDevice(LinuxIo io, String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      long nativePath = Memory.address(Memory.cString(arena, PathNames.encode(path)));
      int result;
      do {
        result = io.calls().openat(nativePath, flags | Linux.O_CLOEXEC, 0);
      } while (result == -Errno.EINTR);
      return result;
    }
  }

  private static OpenFlags flags(int number, boolean append) {
    return OpenFlags.of(
        number == 0
            ? Set.of(StandardOpenOption.READ)
            : Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING));
  }

  private static int openFile(LinuxIo io, Path path, OpenFlags flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long nativePath = Memory.address(Memory.cString(arena, PathNames.encode(path)));
      int fd = io.openat(nativePath, flags.bits(), NEW_FILE_MODE, path);
      if (fd < 0) {
        throw IoErrors.ofFile(-fd, path.toString());
      }
      return aboveStandard(io, fd, path);
    }
  }

  /**
   * Moves a descriptor above 2. If this process was started without one of its standard streams, a
   * new descriptor may have that number, and posix_spawn would overwrite it.
   */
  private static int aboveStandard(LinuxIo io, int fd, Object name) throws IOException {
    if (fd >= NAMES.length) {
      return fd;
    }
    int above = ProcessCalls.duplicate(io.calls(), fd);
    io.calls().close(fd);
    if (above < 0) {
      throw IoErrors.ofFile(-above, name.toString());
    }
    return above;
  }

  private void makePipe(LinuxIo io, int number) throws IOException {
    String name = NAMES[number] + " of " + command;
    int result = ProcessCalls.pipe(io.calls());
    if (result < 0) {
      throw IoErrors.ofFile(-result, name);
    }
    int readEnd = ProcessCalls.readEnd(io.calls());
    int writeEnd = ProcessCalls.writeEnd(io.calls());
    boolean input = number == 0;
    parentEnds[number] =
        new LinuxPipe(
            new Descriptor(input ? writeEnd : readEnd, name),
            input ? StandardOpenOption.WRITE : StandardOpenOption.READ);
    childEnds[number] = aboveStandard(io, input ? readEnd : writeEnd, name);
  }

  /** The child's descriptors 0 to 2, in the form of {@link Spawn.Child}. */
  int[] childEnds() {
    return childEnds;
  }

  @Nullable LinuxPipe parentEnd(int number) {
    return parentEnds[number];
  }

  @Nullable LinuxPseudoTerminal terminal() {
    return terminal;
  }

  /** Closes the child's ends in this process, after the launch or its failure. */
  void closeChildEnds(LinuxIo io) {
    for (int fd : childEnds) {
      if (fd >= 0) {
        io.calls().close(fd);
      }
    }
  }

  /** Closes this process's ends, after a failed launch. */
  void closeParentEnds() {
    for (LinuxPipe pipe : parentEnds) {
      close(pipe);
    }
    close(terminal);
  }

  private static void close(@Nullable LinuxPipe pipe) {
    if (pipe != null) {
      LinuxIo io = LinuxIo.acquireBlocking();
      try {
        pipe.descriptor.close(io);
      } finally {
        io.release();
      }
    }
  }
}
