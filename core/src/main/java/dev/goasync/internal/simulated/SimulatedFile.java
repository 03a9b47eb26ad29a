package dev.goasync.internal.simulated;

import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.simulated.disk.DirectoryNode;
import dev.goasync.internal.simulated.disk.DiskException;
import dev.goasync.internal.simulated.disk.FileNode;
import dev.goasync.internal.simulated.disk.LinkNode;
import dev.goasync.internal.simulated.disk.Node;
import dev.goasync.internal.simulated.disk.SocketNode;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.BasicFileAttributes;

/** An open file, or a directory that is open for reading, of a simulated host. */
final class SimulatedFile implements FileHandle {
  private static final long AT_POSITION = -1;

  private final HostFiles files;
  private final Node node;
  private final Object path;
  private final OpenFlags flags;
  private final boolean storesAtOnce;
  private long position;
  private boolean closed;

  SimulatedFile(HostFiles files, Node node, Object path, OpenFlags flags) {
    this.files = files;
    this.node = node;
    this.path = path;
    this.flags = flags;
    this.storesAtOnce = (flags.bits() & Linux.O_DSYNC) != 0; // a part of O_SYNC
  }

  // ---- reads and writes ----

  @Override
  public int read(ByteBuffer target) throws IOException {
    checkReadable();
    return read(target, AT_POSITION, false);
  }

  @Override
  public int read(ByteBuffer target, long at) throws IOException {
    checkReadable();
    return read(target, requireNotNegative(at, "position"), true);
  }

  private int read(ByteBuffer target, long at, boolean positioned) throws IOException {
    begin("bytes from ");
    long from = positioned ? at : position;
    int count;
    try {
      count = file().read(target, from);
    } catch (DiskException failed) {
      throw error(failed);
    }
    if (!positioned && count > 0) {
      position += count;
    }
    return count;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    checkWritable();
    return write(source, AT_POSITION, false);
  }

  @Override
  public int write(ByteBuffer source, long at) throws IOException {
    checkWritable();
    return write(source, requireNotNegative(at, "position"), true);
  }

  private int write(ByteBuffer source, long at, boolean positioned) throws IOException {
    begin("room to write to ");
    long to = flags.append() ? node.size() : positioned ? at : position;
    try {
      int count = file().write(source, to);
      files.trace("writes to", path, count);
      if (!positioned) {
        position = to + count;
      }
      if (storesAtOnce) {
        store();
      }
      return count;
    } catch (DiskException failed) {
      throw error(failed);
    }
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    checkWritable();
    long written = 0;
    for (int i = offset; i < offset + length; i++) {
      while (sources[i].hasRemaining()) {
        try {
          written += write(sources[i], AT_POSITION, false);
        } catch (FileSystemException failed) {
          if (written == 0) {
            throw failed;
          }
          return written; // the next call meets the error
        }
      }
    }
    return written;
  }

  @Override
  public long transferTo(long from, long count, Object target) throws IOException {
    checkReadable();
    if (target instanceof SimulatedFile other) {
      other.checkWritable();
    }
    return NOT_TRANSFERRED;
  }

  private FileNode file() throws DiskException {
    return switch (node) {
      case FileNode file -> file;
      case DirectoryNode _, LinkNode _, SocketNode _ -> throw new DiskException(Errno.EISDIR);
    };
  }

  // ---- position and size ----

  @Override
  public boolean isSeekable() throws IOException {
    checkOpen();
    return true;
  }

  @Override
  public long position() throws IOException {
    checkOpen();
    return flags.append() ? node.size() : position;
  }

  @Override
  public void position(long newPosition) throws IOException {
    checkOpen();
    long checked = requireNotNegative(newPosition, "position");
    if (!flags.append()) {
      position = checked;
    }
  }

  @Override
  public long size() throws IOException {
    begin("the attributes of ");
    return node.size();
  }

  @Override
  public BasicFileAttributes attributes() throws IOException {
    begin("the attributes of ");
    return HostAttributes.of(node);
  }

  @Override
  public void truncate(long size) throws IOException {
    checkOpen();
    requireNotNegative(size, "size");
    checkWritable();
    begin("the truncation of ");
    if (node instanceof FileNode file && size < file.size()) {
      file.truncate(size);
      files.trace("truncates", path, size);
    }
    if (!flags.append()) {
      position = Math.min(position, size);
    }
  }

  @Override
  public void allocate(long offset, long length) throws IOException {
    checkWritable();
    begin("space for ");
    try {
      file().allocate(offset, length);
    } catch (DiskException failed) {
      throw error(failed);
    }
  }

  @Override
  public void advise(long offset, long length, int advice) throws IOException {
    checkOpen();
  }

  // ---- locks ----

  @Override
  public boolean tryLock(long at, long size, boolean shared) throws IOException {
    if (shared) {
      checkReadable();
    } else {
      checkWritable();
    }
    begin("a lock of ");
    return files.ranges().tryLock(node, this, at, size, shared);
  }

  @Override
  public void unlock(long at, long size) throws IOException {
    checkOpen();
    files.ranges().unlock(this, at, size);
  }

  // ---- the device ----

  @Override
  public void force(boolean metadata) throws IOException {
    checkOpen();
    files.beginForce("the device to store " + path);
    checkOpenMeanwhile();
    try {
      store();
    } catch (DiskException failed) {
      throw error(failed);
    }
    files.trace("forces", path, 0);
  }

  private void store() throws DiskException {
    switch (node) {
      case FileNode file -> file.store();
      case DirectoryNode _ -> files.disk().storeNames();
      case LinkNode _, SocketNode _ -> {}
    }
  }

  @Override
  public void close() {
    if (!closed && !files.hasCrashed()) {
      closed = true;
      files.open().remove(this);
      files.ranges().unlockAll(this);
      if (node instanceof FileNode file) {
        file.closed();
      }
    }
  }

  // ---- checks ----

  private void begin(String what) throws IOException {
    checkOpen();
    files.begin(what + path);
    checkOpenMeanwhile();
  }

  private void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  private void checkOpenMeanwhile() throws AsynchronousCloseException {
    if (closed) {
      throw new AsynchronousCloseException();
    }
  }

  private void checkReadable() throws ClosedChannelException {
    checkOpen();
    if (!flags.read()) {
      throw new NonReadableChannelException();
    }
  }

  private void checkWritable() throws ClosedChannelException {
    checkOpen();
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

  private FileSystemException error(DiskException failed) {
    return IoErrors.ofFile(failed.errno(), path.toString());
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
