package dev.goasync.internal.linux.watch;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.system.LinuxStandard;
import dev.goasync.internal.platform.WatchHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.InotifyCalls;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.PathNames;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watches directories with inotify. */
public final class LinuxWatch implements WatchHandle {
  /** Holds some hundred events, and at least one with the longest name. */
  private static final int BUFFER_BYTES = 16 * 1024;

  private static final Path SETTINGS = Path.of("/proc/sys/fs/inotify");

  private final Descriptor descriptor;
  private final LinuxStandard input;

  private LinuxWatch(Descriptor descriptor) {
    this.descriptor = descriptor;
    this.input = LinuxStandard.ofOwn(descriptor);
  }

  public static LinuxWatch open() throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      int fd = InotifyCalls.create(io.calls());
      if (fd < 0) {
        throw new IOException(instanceProblem(-fd));
      }
      return new LinuxWatch(new Descriptor(fd, "changes of files"));
    } finally {
      io.release();
    }
  }

  /** Returns the message for a failed inotify_init; EMFILE stands for one of two limits. */
  static String instanceProblem(int errno) {
    return "files cannot be watched: "
        + (errno == Errno.EMFILE
            ? "too many open files or watches; raise ulimit -n, or sysctl "
                + setting("max_user_instances")
            : Errno.describe(errno));
  }

  private static String setting(String name) {
    String now;
    try {
      now = Files.readString(SETTINGS.resolve(name)).strip();
    } catch (IOException unknown) {
      now = "unknown";
    }
    return "fs.inotify." + name + " (now " + now + ")";
  }

  static FileSystemException watchProblem(int errno, Path directory) {
    return switch (errno) {
      case Errno.ENOSPC ->
          new FileSystemException(
              directory.toString(),
              null,
              "no more directories can be watched; raise sysctl " + setting("max_user_watches"));
      case Errno.ENOTDIR, Errno.ELOOP -> new NotDirectoryException(directory.toString());
      default -> IoErrors.ofFile(errno, directory.toString());
    };
  }

  @Override
  public int add(Path directory, boolean mayBeLink) throws IOException {
    int watch;
    try (Arena arena = Arena.ofConfined()) {
      long path = Memory.address(Memory.cString(arena, PathNames.encode(directory)));
      watch =
          DescriptorCalls.with(
              descriptor, (calls, fd) -> InotifyCalls.add(calls, fd, path, mayBeLink));
    }
    if (watch < 0) {
      throw watchProblem(-watch, directory);
    }
    return watch;
  }

  /** The kernel call fails if the directory is gone; that is ignored. */
  @Override
  public void remove(int watch) throws IOException {
    DescriptorCalls.with(descriptor, (calls, fd) -> InotifyCalls.remove(calls, fd, watch));
  }

  @Override
  public List<Change> read() throws IOException {
    ByteBuffer events = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.nativeOrder());
    input.read(events);
    List<Change> changes = new ArrayList<>();
    InotifyCalls.parse(
        events.flip(),
        (watch, mask, cookie, name) -> {
          What what = what(mask);
          if (what != null) {
            Path entry = name.length == 0 ? null : PathNames.decode(name, name.length);
            changes.add(new Change(what, watch, entry, cookie));
          }
        });
    return changes;
  }

  private static @Nullable What what(int mask) {
    if ((mask & InotifyCalls.Q_OVERFLOW) != 0) {
      return What.OVERFLOW;
    }
    if ((mask & InotifyCalls.IGNORED) != 0) {
      return What.DIRECTORY_DELETED;
    }
    if ((mask & InotifyCalls.MOVE_SELF) != 0) {
      return What.DIRECTORY_MOVED;
    }
    if ((mask & InotifyCalls.CREATE) != 0) {
      return What.CREATED;
    }
    if ((mask & InotifyCalls.DELETE) != 0) {
      return What.DELETED;
    }
    if ((mask & InotifyCalls.MOVED_FROM) != 0) {
      return What.MOVED_FROM;
    }
    if ((mask & InotifyCalls.MOVED_TO) != 0) {
      return What.MOVED_TO;
    }
    return (mask & (InotifyCalls.MODIFY | InotifyCalls.ATTRIB)) != 0 ? What.MODIFIED : null;
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    return input.isReady(direction);
  }

  @Override
  public void awaitReady(Direction direction) throws IOException {
    input.awaitReady(direction);
  }

  @Override
  public boolean isOrdered() {
    return true;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
