package dev.goasync.internal.linux.file;

import dev.goasync.internal.linux.io.BeneathOpen;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.linux.io.NativeBufferPool;
import dev.goasync.internal.linux.io.ParentCalls;
import dev.goasync.internal.platform.DirectoryHandle;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.sys.Abi;
import dev.goasync.internal.sys.DirectoryCalls;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.FileModes;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.OpenFlags;
import dev.goasync.internal.sys.PathNames;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.Set;

/**
 * A directory by its descriptor. A path is opened by one {@code openat2}; other operations open the
 * parent that way and make their call relative to it.
 */
public final class LinuxDirectory implements DirectoryHandle {
  private static final int NEW_FILE_MODE = 0666;
  private static final int NEW_DIRECTORY_MODE = 0777;
  private static final int TO_ENTER = Linux.O_PATH | Abi.O_DIRECTORY | Linux.O_CLOEXEC;
  private static final int TO_LIST = Linux.O_RDONLY | Abi.O_DIRECTORY | Linux.O_CLOEXEC;
  private static final int TO_LOOK_AT = Linux.O_PATH | Linux.O_CLOEXEC;

  private final Descriptor descriptor;
  private final Path path;

  private LinuxDirectory(int fd, Path path) {
    this.descriptor = new Descriptor(fd, path);
    this.path = path;
  }

  /**
   * Opens a directory by its encoded path.
   *
   * @param encoded without a NUL
   */
  public static LinuxDirectory open(Path path, byte[] encoded) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    NativeBuffer buffer = io.acquireBuffer(encoded.length + 1);
    try {
      long nativePath = buffer.putString(encoded);
      int fd = nativePath == 0 ? -Errno.ENAMETOOLONG : io.openat(nativePath, TO_ENTER, 0, path);
      if (fd < 0) {
        throw fileError(-fd, path.toString());
      }
      return new LinuxDirectory(fd, path);
    } finally {
      io.releaseBuffer(buffer);
      io.release();
    }
  }

  /** Opens beneath this directory; returns the descriptor's number. */
  private int open(String relative, byte[] encoded, int flags, int mode) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    BeneathOpen request = new BeneathOpen(io, encoded, flags, mode);
    try {
      int fd = io.openBeneath(descriptor, request);
      if (fd < 0) {
        throw fd == -Errno.EXDEV
            ? DirectoryHandle.leadsOut(path, relative)
            : fileError(-fd, full(relative));
      }
      return fd;
    } finally {
      request.release();
      io.release();
    }
  }

  private Descriptor openDescriptor(String relative, int flags) throws IOException {
    int fd = open(relative, PathNames.encodeStrictly(relative), flags, 0);
    return Descriptor.ofOneCall(fd, full(relative));
  }

  @Override
  public FileHandle openFile(
      String relative, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    OpenFlags flags = OpenFlags.of(options);
    int mode = FileModes.of(NEW_FILE_MODE, attributes);
    byte[] encoded = PathNames.encodeStrictly(relative);
    boolean creates = (flags.bits() & Linux.O_CREAT) != 0; // openat2 refuses a mode otherwise
    int fd = open(relative, encoded, flags.bits(), creates ? mode : 0);
    return new LinuxFile(new Descriptor(fd, full(relative)), flags);
  }

  @Override
  public DirectoryHandle openDirectory(String relative) throws IOException {
    int fd = open(relative, PathNames.encodeStrictly(relative), TO_ENTER, 0);
    return new LinuxDirectory(fd, path.resolve(relative));
  }

  @Override
  public BasicFileAttributes attributes(String relative, boolean followLinks) throws IOException {
    int flags = followLinks ? TO_LOOK_AT : TO_LOOK_AT | Abi.O_NOFOLLOW;
    Descriptor file = openDescriptor(relative, flags);
    LinuxIo io = LinuxIo.acquire();
    NativeBuffer buffer = io.acquireBuffer(Linux.STATX_BYTES);
    try {
      int result = io.statx(file, Linux.STATX_BASIC_AND_BIRTH, buffer.address());
      if (result < 0) {
        throw fileError(-result, full(relative));
      }
      return LinuxAttributes.of(buffer);
    } finally {
      io.releaseBuffer(buffer);
      file.closeNow(io.calls());
      io.release();
    }
  }

  @Override
  public List<Entry> list(String relative) throws IOException {
    DirectoryEntries entries =
        new DirectoryEntries(name -> Type.of(attributes(relative + "/" + name, false)));
    Descriptor listed = openDescriptor(relative, TO_LIST);
    LinuxIo io = LinuxIo.acquire();
    NativeBuffer buffer = io.acquireBuffer(NativeBufferPool.LARGE);
    try {
      int count;
      while ((count = readEntries(io, listed, buffer)) > 0) {
        entries.add(buffer, count);
      }
      if (count < 0) {
        throw fileError(-count, full(relative));
      }
      return entries.entries();
    } finally {
      io.releaseBuffer(buffer);
      listed.closeNow(io.calls());
      io.release();
    }
  }

  private static int readEntries(LinuxIo io, Descriptor listed, NativeBuffer buffer)
      throws IOException {
    return (int)
        io.block(
            listed,
            "the entries of ",
            (calls, fd) -> DirectoryCalls.getdents(calls, fd, buffer.address(), buffer.capacity()));
  }

  @Override
  public void createDirectory(String relative, FileAttribute<?>... attributes) throws IOException {
    int mode = FileModes.of(NEW_DIRECTORY_MODE, attributes);
    change(
        relative,
        "the creation of a directory in ",
        (calls, parent, name) -> DirectoryCalls.mkdirat(calls, parent, name, mode));
  }

  @Override
  public void delete(String relative) throws IOException {
    change(relative, "the removal of a file in ", LinuxDirectory::unlink);
  }

  private static long unlink(SystemCalls calls, int parent, long name) {
    int result = DirectoryCalls.unlinkat(calls, parent, name, 0);
    return result == -Errno.EISDIR
        ? DirectoryCalls.unlinkat(calls, parent, name, Linux.AT_REMOVEDIR)
        : result;
  }

  private void change(String relative, String what, ParentCalls.NameCall call) throws IOException {
    byte[] encoded = PathNames.encodeStrictly(relative);
    check(block(what, (calls, root) -> ParentCalls.make(calls, root, encoded, call)), relative);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    byte[] encodedFrom = PathNames.encodeStrictly(from);
    byte[] encodedTo = PathNames.encodeStrictly(to);
    long result =
        block(
            "the renaming of a file in ",
            (calls, root) ->
                ParentCalls.make(
                    calls,
                    root,
                    encodedFrom,
                    (_, parent, name) ->
                        ParentCalls.make(
                            calls,
                            root,
                            encodedTo,
                            (_, newParent, newName) ->
                                DirectoryCalls.renameat(calls, parent, name, newParent, newName))));
    if (result < 0 && result != -Errno.ENOENT && result != -Errno.EACCES) {
      check(result, from + " -> " + to);
    }
    check(result, from);
  }

  private long block(String what, LinuxIo.FileCall call) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      return io.block(descriptor, what, call);
    } finally {
      io.release();
    }
  }

  private void check(long result, String relative) throws IOException {
    if (result == -ParentCalls.LEADS_OUT) {
      throw DirectoryHandle.leadsOut(path, relative);
    }
    if (result < 0) {
      throw fileError((int) -result, full(relative));
    }
  }

  private static FileSystemException fileError(int errno, String name) {
    return switch (errno) {
      case Errno.ENOTDIR -> new NotDirectoryException(name);
      case Errno.ENOTEMPTY -> new DirectoryNotEmptyException(name);
      default -> IoErrors.ofFile(errno, name);
    };
  }

  private String full(String relative) {
    return path + "/" + relative;
  }

  @Override
  public void close() throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      descriptor.close(io);
    } finally {
      io.release();
    }
  }
}
