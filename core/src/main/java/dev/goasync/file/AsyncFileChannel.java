package dev.goasync.file;

import dev.goasync.internal.platform.Targets;
import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FileChannel} over an {@link AsyncFile}. Like the JDK's channel it transfers all bytes
 * that fit and exist; unlike the JDK's channel it is not closed by an interrupt. Any thread.
 *
 * <p>The channel keeps its own position. A read or write at the position first reserves its part of
 * the file by adding the wanted count to the position, and then takes back the unused rest if no
 * other call has moved the position meanwhile. So concurrent calls get parts that do not overlap,
 * and none waits for another.
 */
final class AsyncFileChannel extends FileChannel {
  private final AsyncFile file;
  private final boolean readable;
  private final boolean writable;
  private final boolean appends;
  private final AtomicLong position = new AtomicLong();

  /** Whether the file has positions; null until the first use of the position. */
  private volatile @Nullable Boolean seekable;

  AsyncFileChannel(AsyncFile file, Set<? extends OpenOption> options) {
    this.file = file;
    appends = options.contains(StandardOpenOption.APPEND);
    writable = appends || options.contains(StandardOpenOption.WRITE);
    readable = !writable || options.contains(StandardOpenOption.READ);
  }

  private void checkOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private void checkReadable() throws ClosedChannelException {
    checkOpen();
    if (!readable) {
      throw new NonReadableChannelException();
    }
  }

  private void checkWritable() throws ClosedChannelException {
    checkOpen();
    if (!writable) {
      throw new NonWritableChannelException();
    }
  }

  /** Pipes and terminals have no position: they are read and written sequentially. */
  private boolean isSeekable() throws IOException {
    Boolean known = seekable;
    if (known == null) {
      known = file.isSeekable();
      seekable = known;
    }
    return known;
  }

  private long writeSequentially(ByteBuffer[] sources, int offset, int length) throws IOException {
    long wanted = remaining(sources, offset, length);
    for (int i = offset; i < offset + length; i++) {
      file.writeAll(sources[i]);
    }
    return wanted;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return (int) read(new ByteBuffer[] {target}, 0, 1);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    checkReadable();
    if (!isSeekable()) {
      return file.read(targets, offset, length);
    }
    for (int i = offset; i < offset + length; i++) {
      Targets.requireWritable(targets[i]);
    }
    long wanted = remaining(targets, offset, length);
    long start = position.getAndAdd(wanted);
    long got = 0;
    boolean ended = false;
    try {
      for (int i = offset; i < offset + length && !ended; i++) {
        int wantedHere = targets[i].remaining();
        int gotHere = readWhole(targets[i], start + got);
        got += Math.max(gotHere, 0);
        ended = gotHere < wantedHere;
      }
    } finally {
      position.compareAndSet(start + wanted, start + got);
    }
    return got == 0 && ended ? -1 : got;
  }

  @Override
  public int read(ByteBuffer target, long at) throws IOException {
    if (at < 0) {
      throw new IllegalArgumentException("position is negative: " + at);
    }
    checkReadable();
    return readWhole(target, at);
  }

  /** Returns the count, or -1 at the end. */
  private int readWhole(ByteBuffer target, long at) throws IOException {
    int start = target.position();
    int count;
    do {
      count = file.read(target, at + target.position() - start);
    } while (count > 0 && target.hasRemaining());
    int read = target.position() - start;
    return read == 0 && count < 0 ? -1 : read;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return (int) write(new ByteBuffer[] {source}, 0, 1);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    checkWritable();
    if (!isSeekable()) {
      return writeSequentially(sources, offset, length);
    }
    long wanted = remaining(sources, offset, length);
    long start = appends ? 0 : position.getAndAdd(wanted);
    try {
      for (int i = offset; i < offset + length; i++) {
        writeWhole(sources[i], start + wanted - remaining(sources, offset, length));
      }
      return wanted;
    } finally {
      long written = wanted - remaining(sources, offset, length);
      position.compareAndSet(start + wanted, start + written);
    }
  }

  @Override
  public int write(ByteBuffer source, long at) throws IOException {
    if (at < 0) {
      throw new IllegalArgumentException("position is negative: " + at);
    }
    checkWritable();
    int count = source.remaining();
    writeWhole(source, at);
    return count;
  }

  private void writeWhole(ByteBuffer source, long at) throws IOException {
    int start = source.position();
    do {
      file.write(source, at + source.position() - start);
    } while (source.hasRemaining());
  }

  private static long remaining(ByteBuffer[] buffers, int offset, int length) {
    long all = 0;
    for (int i = offset; i < offset + length; i++) {
      all += buffers[i].remaining();
    }
    return all;
  }

  @Override
  public long position() throws IOException {
    checkOpen();
    if (appends) {
      return file.size();
    }
    return isSeekable() ? position.get() : file.position(); // which throws, as the JDK's channel
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    checkOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position is negative: " + newPosition);
    }
    if (isSeekable()) {
      position.set(newPosition);
    } else {
      file.position(newPosition); // throws, as the JDK's channel
    }
    return this;
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return file.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    checkOpen();
    file.truncate(size);
    position.accumulateAndGet(size, Math::min);
    return this;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    checkOpen();
    file.force(metadata);
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
    checkReadable();
    return file.transferTo(at, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
    checkWritable();
    return file.transferFrom(source, at, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long at, long size) throws IOException {
    return mapping(mode, channel -> channel.map(mode, at, size));
  }

  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    return mapping(mode, channel -> channel.map(mode, offset, size, arena));
  }

  private interface Mapping<R> {
    R map(FileChannel channel) throws IOException;
  }

  /**
   * Maps with a JDK channel, which the mapping outlives. The calling thread maps, since an arena
   * may be confined to it; mapping does not wait for a disk.
   */
  private <R> R mapping(MapMode mode, Mapping<R> mapping) throws IOException {
    checkOpen();
    if (mode != MapMode.READ_ONLY) {
      checkWritable();
    }
    checkReadable();
    Set<OpenOption> options =
        mode == MapMode.READ_ONLY
            ? Set.of(StandardOpenOption.READ)
            : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (FileChannel channel =
        Workers.offLoop(file.path(), () -> FileChannel.open(file.path(), options))) {
      return mapping.map(channel);
    }
  }

  @Override
  public FileLock lock(long at, long size, boolean shared) throws IOException {
    checkOpen();
    return new Lock(file.lock(at, size, shared));
  }

  @Override
  public @Nullable FileLock tryLock(long at, long size, boolean shared) throws IOException {
    checkOpen();
    AsyncFileLock lock = file.tryLock(at, size, shared);
    return lock == null ? null : new Lock(lock);
  }

  private final class Lock extends FileLock {
    private final AsyncFileLock lock;

    Lock(AsyncFileLock lock) {
      super(AsyncFileChannel.this, lock.position(), lock.size(), lock.isShared());
      this.lock = lock;
    }

    @Override
    public boolean isValid() {
      return lock.isValid();
    }

    @Override
    public void release() throws IOException {
      checkOpen();
      lock.release();
    }
  }

  @Override
  protected void implCloseChannel() throws IOException {
    file.close();
  }
}
