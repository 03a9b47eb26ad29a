package dev.goasync.internal.simulated;

import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.Stdio;
import dev.goasync.internal.simulated.disk.Disk;
import dev.goasync.internal.simulated.disk.DiskException;
import dev.goasync.internal.simulated.disk.FileNode;
import dev.goasync.internal.simulated.local.Pipe;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The standard streams of a started program: what is behind them, and the ends of its parent. */
final class LaunchedStreams {
  private static final int NEW_FILE_MODE = 0644;
  private static final int CHUNK = 64 * 1024;

  private final HostRun parent;
  private final String command;
  private final List<FileNode> files = new ArrayList<>();
  private final List<PipeHandle> parentEnds = new ArrayList<>();
  private @Nullable PipeHandle input;
  private @Nullable PipeHandle output;
  private @Nullable PipeHandle errors;
  private @Nullable ProgramStreams ofChild;

  LaunchedStreams(HostRun parent, String command) {
    this.parent = parent;
    this.command = command;
  }

  /** Opens the files and pipes. */
  void open(Stdio in, Stdio out, Stdio err) throws IOException {
    Pipe childInput = openInput(in);
    Pipe childOutput = openOutput(out, 1);
    Pipe childErrors = err == Stdio.Plain.MERGE ? childOutput : openOutput(err, 2);
    ofChild = new ProgramStreams(childInput, childOutput, childErrors);
  }

  private Pipe openInput(Stdio stdio) throws IOException {
    return switch (stdio) {
      case Stdio.OfFile file -> Pipe.ofContent(content(file.path()));
      case Stdio.OfPipe(PipeHandle end) -> known(Pipe.ofSource(end), end);
      case Stdio.Plain plain ->
          switch (plain) {
            case INHERIT -> parent.program.streams().input();
            case PIPE -> {
              Pipe pipe = Pipe.create();
              input = pipe.openSink(parent, "standard input of " + command);
              parentEnds.add(input);
              yield pipe;
            }
            case DISCARD, MERGE -> Pipe.ofContent(new byte[0]);
          };
    };
  }

  private Pipe openOutput(Stdio stdio, int number) throws IOException {
    return switch (stdio) {
      case Stdio.OfFile file -> Pipe.to(toFile(file));
      case Stdio.OfPipe(PipeHandle end) -> known(Pipe.ofSink(end), end);
      case Stdio.Plain plain ->
          switch (plain) {
            case INHERIT ->
                number == 1 ? parent.program.streams().output() : parent.program.streams().errors();
            case PIPE -> makePipe(number);
            case DISCARD, MERGE -> Pipe.to(LaunchedStreams::drop);
          };
    };
  }

  private Pipe makePipe(int number) {
    Pipe pipe = Pipe.create();
    String name = (number == 1 ? "standard output of " : "standard error of ") + command;
    PipeHandle end = pipe.openSource(parent, name);
    parentEnds.add(end);
    if (number == 1) {
      output = end;
    } else {
      errors = end;
    }
    return pipe;
  }

  private static Pipe known(@Nullable Pipe pipe, PipeHandle end) {
    if (pipe == null) {
      throw new IllegalArgumentException("the pipe " + end + " was created by another backend");
    }
    return pipe;
  }

  private static int drop(ByteBuffer source) {
    int count = source.remaining();
    source.position(source.limit());
    return count;
  }

  private byte[] content(Path path) throws IOException {
    FileNode file = openFile(path, Linux.O_RDONLY);
    ByteBuffer content = ByteBuffer.allocate((int) file.size());
    try {
      while (content.hasRemaining()) {
        ByteBuffer chunk = content.slice(content.position(), Math.min(CHUNK, content.remaining()));
        content.position(content.position() + file.read(chunk, content.position()));
      }
    } catch (DiskException failed) {
      throw IoErrors.ofFile(failed.errno(), path.toString());
    }
    return content.array();
  }

  private Pipe.Output toFile(Stdio.OfFile target) throws IOException {
    int flags = Linux.O_WRONLY | Linux.O_CREAT | (target.append() ? 0 : Linux.O_TRUNC);
    FileNode file = openFile(target.path(), flags);
    long[] position = {0};
    return source -> {
      try {
        int count = file.write(source, target.append() ? file.size() : position[0]);
        position[0] += count;
        return count;
      } catch (DiskException failed) {
        throw IoErrors.ofFile(failed.errno(), target.path().toString());
      }
    };
  }

  private FileNode openFile(Path path, int flags) throws IOException {
    try {
      Disk disk = parent.files.disk();
      String absolute = parent.files.absolute(path);
      if (disk.open(disk.root(), absolute, flags, NEW_FILE_MODE, false) instanceof FileNode file) {
        files.add(file);
        return file;
      }
      throw IoErrors.ofFile(Errno.EISDIR, path.toString());
    } catch (DiskException failed) {
      throw IoErrors.ofFile(failed.errno(), path.toString());
    }
  }

  ProgramStreams ofChild() {
    return Objects.requireNonNull(ofChild);
  }

  /** The end of the parent of the child's standard input; null if that is not a pipe. */
  @Nullable PipeHandle input() {
    return input;
  }

  /** The end of the parent of the child's standard output; null if that is not a pipe. */
  @Nullable PipeHandle output() {
    return output;
  }

  /** The end of the parent of the child's standard error; null if that is not a pipe. */
  @Nullable PipeHandle errors() {
    return errors;
  }

  /** Writes text to the child's standard error, as far as there is room. */
  void reportFailure(byte[] text) {
    ofChild().errors().putIfRoom(text);
  }

  /** The child has ended. */
  void closeFiles() {
    files.forEach(FileNode::closed);
  }

  /** The launch has failed. */
  void closeAll() throws IOException {
    closeFiles();
    for (PipeHandle end : parentEnds) {
      end.close();
    }
  }
}
