package dev.goasync.internal.linux.file;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxChannel;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.linux.io.NativeBufferPool;
import dev.goasync.internal.linux.net.LinuxStream;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * A file by its descriptor. The kernel keeps the position, so all threads and coroutines share it,
 * and files without a position (pipes, terminals) need no special case.
 */
public class LinuxFile extends LinuxChannel implements FileHandle {
  private final OpenFlags flags;

  /** Whether to try a cached read first. Unsynchronized: a stale value costs one system call. */
  private boolean triesCache;

  /**
   * Whether a cached read has succeeded. Only file systems whose close does not wait allow that:
   * not FUSE, and no network file system. Unsynchronized, as {@link #triesCache}.
   */
  private boolean hasReadCache;

  public LinuxFile(Descriptor descriptor, OpenFlags flags) {
    super(descriptor);
    this.flags = flags;
    this.triesCache = !flags.direct(); // with O_DIRECT a "cached" read waits for the device
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    checkReadable();
    return readInto(target, Linux.AT_POSITION);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    checkReadable();
    return readInto(target, requireNotNegative(position, "position"));
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    checkWritable();
    return writeFrom(source, Linux.AT_POSITION);
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    checkWritable();
    return writeFrom(source, requireNotNegative(position, "position"));
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    checkWritable();
    return writeGathered(sources, offset, length);
  }

  @Override
  public long transferTo(long position, long count, Object target) throws IOException {
    checkReadable();
    return switch (target) {
      case LinuxFile file -> {
        file.checkWritable();
        yield LinuxTransfers.copy(this, position, file, count);
      }
      case LinuxStream stream -> LinuxTransfers.send(this, position, stream, count);
      default -> NOT_TRANSFERRED;
    };
  }

  @Override
  protected int readNative(LinuxIo io, long address, int length, long offset) throws IOException {
    if (triesCache) {
      int count = io.readCached(descriptor, address, length, offset);
      if (count == -Errno.EOPNOTSUPP || count == -Errno.ENOSYS) {
        triesCache = false;
      } else if (count != -Errno.EAGAIN) {
        hasReadCache |= count > 0;
        return count <= 0 || count == length
            ? count
            : count + readRest(io, address + count, length - count, after(offset, count));
      }
    }
    return io.read(descriptor, address, length, offset);
  }

  private static long after(long offset, int count) {
    return offset == Linux.AT_POSITION ? offset : offset + count;
  }

  /**
   * Reads what a cached read left: it ends at the first page that is not cached, where a blocking
   * read goes on. A second cached read returns 0 at the end of the file and EAGAIN at such a page.
   *
   * @return the count; 0 at the end, and if the read fails or is cancelled, which the caller meets
   *     again at its next read
   */
  private int readRest(LinuxIo io, long address, int length, long offset) throws IOException {
    int count = io.readCached(descriptor, address, length, offset);
    if (count == -Errno.EAGAIN && isRegular(io)) {
      try {
        count = io.read(descriptor, address, length, offset);
      } catch (CancellationException | ClosedChannelException partialResultIsReturned) {
        return 0;
      }
    }
    return Math.max(count, 0);
  }

  /** Whether reads end by themselves, as those of pipes and terminals may not. */
  private boolean isRegular(LinuxIo io) throws IOException {
    int fd = descriptor.enter(io.use());
    try {
      return !io.mayWaitWithoutEnd(descriptor, fd);
    } finally {
      descriptor.leave(io.use(), io.calls());
    }
  }

  @Override
  protected int writeNative(LinuxIo io, long address, int length, long offset) throws IOException {
    return io.write(descriptor, address, length, offset);
  }

  /** For O_DIRECT the largest buffers, which are page-aligned. */
  @Override
  protected int bufferSizeFor(int wanted) {
    return flags.direct() ? NativeBufferPool.LARGE : wanted;
  }

  @Override
  public long position() throws IOException {
    return flags.append() ? size() : seek(0, Linux.SEEK_CUR);
  }

  @Override
  public void position(long newPosition) throws IOException {
    descriptor.checkOpen();
    requireNotNegative(newPosition, "position");
    if (!flags.append()) {
      seek(newPosition, Linux.SEEK_SET);
    }
  }

  @Override
  public boolean isSeekable() throws IOException {
    long result = lseek(0, Linux.SEEK_CUR);
    if (result < 0 && result != -Errno.ESPIPE) {
      throw error((int) -result);
    }
    return result >= 0;
  }

  private long seek(long offset, int whence) throws IOException {
    long result = lseek(offset, whence);
    check(result);
    return result;
  }

  private long lseek(long offset, int whence) throws IOException {
    return immediately((calls, fd) -> calls.lseek(fd, offset, whence));
  }

  private long immediately(LinuxIo.FileCall call) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      int fd = descriptor.enter(io.use());
      try {
        return call.make(io.calls(), fd);
      } finally {
        descriptor.leave(io.use(), io.calls());
      }
    } finally {
      io.release();
    }
  }

  @Override
  public long size() throws IOException {
    return statx(Linux.STATX_SIZE, attributes -> attributes.longAt(Linux.STATX_SIZE_AT));
  }

  @Override
  public BasicFileAttributes attributes() throws IOException {
    return statx(Linux.STATX_BASIC_AND_BIRTH, LinuxAttributes::of);
  }

  private <R> R statx(int mask, Function<NativeBuffer, R> result) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      NativeBuffer attributes = io.acquireBuffer(Linux.STATX_BYTES);
      try {
        check(io.statx(descriptor, mask, attributes.address()));
        return result.apply(attributes);
      } finally {
        io.releaseBuffer(attributes);
      }
    } finally {
      io.release();
    }
  }

  @Override
  public void truncate(long size) throws IOException {
    descriptor.checkOpen();
    requireNotNegative(size, "size");
    checkWritable();
    if (size < size()) {
      LinuxIo io = LinuxIo.acquire();
      try {
        check(io.ftruncate(descriptor, size));
      } finally {
        io.release();
      }
    }
    if (!flags.append() && position() > size) {
      position(size);
    }
  }

  @Override
  public void allocate(long offset, long length) throws IOException {
    checkWritable();
    block("space for ", (calls, fd) -> calls.fallocate(fd, offset, length));
  }

  @Override
  public void advise(long offset, long length, int advice) throws IOException {
    block("advice on ", (calls, fd) -> calls.fadvise(fd, offset, length, advice));
  }

  @Override
  public boolean tryLock(long position, long size, boolean shared) throws IOException {
    if (shared) {
      checkReadable();
    } else {
      checkWritable();
    }
    int type = shared ? Linux.F_RDLCK : Linux.F_WRLCK;
    long result =
        tryBlock(
            "a lock of ", (calls, fd) -> calls.lock(fd, type, position, toEnd(position, size)));
    if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
      return false;
    }
    check(result);
    return true;
  }

  /** Made on the calling thread: must work in a cancelled coroutine, and does not block. */
  @Override
  public void unlock(long position, long size) throws IOException {
    check(
        immediately((calls, fd) -> calls.lock(fd, Linux.F_UNLCK, position, toEnd(position, size))));
  }

  /** Converts a length for the kernel, where 0 means "to the end". */
  private static long toEnd(long position, long size) {
    return size == Long.MAX_VALUE - position ? 0 : size;
  }

  private void block(String what, LinuxIo.FileCall call) throws IOException {
    check(tryBlock(what, call));
  }

  private long tryBlock(String what, LinuxIo.FileCall call) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      return io.block(descriptor, what, call);
    } finally {
      io.release();
    }
  }

  @Override
  public void force(boolean metadata) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      check(io.fsync(descriptor, !metadata));
    } finally {
      io.release();
    }
  }

  @Override
  public void close() throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      if (hasReadCache && !flags.write() && !descriptor.isShared() && io.isAlone()) {
        descriptor.closeNow(io.calls());
        return;
      }
    } finally {
      io.release();
    }
    closeDescriptor();
  }

  private void check(long result) throws IOException {
    if (result < 0) {
      throw error((int) -result);
    }
  }

  @Override
  protected IOException error(int errno) {
    return IoErrors.ofFile(errno, descriptor.toString());
  }

  private void checkReadable() throws IOException {
    descriptor.checkOpen();
    if (!flags.read()) {
      throw new NonReadableChannelException();
    }
  }

  private void checkWritable() throws IOException {
    descriptor.checkOpen();
    if (!flags.write()) {
      throw new NonWritableChannelException();
    }
  }

  private static long requireNotNegative(long value, String what) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is negative: " + value);
    }
    return value;
  }
}
