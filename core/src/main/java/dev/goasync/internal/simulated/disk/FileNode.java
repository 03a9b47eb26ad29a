package dev.goasync.internal.simulated.disk;

import dev.goasync.internal.sys.Errno;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A regular file: its content as programs see it, and the content that a crash leaves.
 *
 * <p>The first is the page cache: pages of 4 KiB, of which a missing one is full of zeros. The
 * second is what the device has stored. A page that was written since the last {@link #store} is
 * dirty; a clean page is the same array in both. At a crash each dirty page may or may not have
 * been stored, or some of its sectors, and a file that was extended may end anywhere between the
 * stored and the new size.
 */
public final class FileNode extends Node {
  static final int PAGE = 4096;
  private static final int SECTOR = 512;
  private static final int FATES = 4;
  private static final long NOT_CUT = Long.MAX_VALUE;

  private Map<Long, byte[]> pages = new HashMap<>();
  private long size;
  private final Map<Long, byte[]> stored = new HashMap<>();
  private long storedSize;
  private final TreeSet<Long> dirty = new TreeSet<>();

  /** The least size to which the file was truncated since the last store. */
  private long cutTo = NOT_CUT;

  private int opens;

  /** Whether the content was dropped with the last name; a crash may bring the name back. */
  private boolean freed;

  FileNode(Disk disk, int mode) {
    super(disk, mode);
  }

  @Override
  public long size() {
    return size;
  }

  int pageCount() {
    return pages.size();
  }

  void forgetOpens() {
    opens = 0;
  }

  // ---- open files ----

  /** The file was opened once more. */
  void opened() {
    opens++;
  }

  /** The file was closed once. */
  public void closed() {
    opens--;
    freeIfUnused();
  }

  void freeIfUnused() {
    if (opens == 0 && links == 0) {
      disk.release(pages.size());
      pages = new HashMap<>();
      freed = true;
    }
  }

  // ---- content ----

  /** Reads what fits; returns the count, or -1 at the end. */
  public int read(ByteBuffer target, long position) throws DiskException {
    disk.beforeRead();
    setAccessed(disk.time());
    if (!target.hasRemaining()) {
      return 0;
    }
    if (position >= size) {
      return -1;
    }
    int count = (int) Math.min(target.remaining(), size - position);
    for (int done = 0; done < count; ) {
      long at = position + done;
      int offset = (int) (at % PAGE);
      int length = Math.min(PAGE - offset, count - done);
      byte[] page = pages.get(at / PAGE);
      if (page == null) {
        target.put(new byte[length]);
      } else {
        target.put(page, offset, length);
      }
      done += length;
    }
    return count;
  }

  /**
   * Writes; less than remains if the disk is full.
   *
   * @throws DiskException if the disk is full and nothing was written
   */
  public int write(ByteBuffer source, long position) throws DiskException {
    disk.beforeWrite();
    if (source.hasRemaining() && position > Long.MAX_VALUE - source.remaining()) {
      throw new DiskException(Errno.EFBIG);
    }
    int wanted = source.remaining();
    int done = 0;
    while (done < wanted) {
      long at = position + done;
      int offset = (int) (at % PAGE);
      int length = Math.min(PAGE - offset, wanted - done);
      if (!pages.containsKey(at / PAGE) && !disk.reserve(1)) {
        break;
      }
      source.get(pageToWrite(at / PAGE), offset, length);
      done += length;
      size = Math.max(size, at + length);
    }
    if (done == 0 && wanted > 0) {
      throw new DiskException(Errno.ENOSPC);
    }
    changed();
    return done;
  }

  private void changed() {
    touch();
    disk.watches().modified(this);
  }

  private byte[] pageToWrite(long index) {
    byte[] page = pages.get(index);
    if (dirty.add(index) || page == null) {
      page = page == null ? new byte[PAGE] : page.clone();
      pages.put(index, page);
    }
    return page;
  }

  /** Cuts the file. */
  public void truncate(long newSize) {
    if (newSize < size) {
      int before = pages.size();
      pages.keySet().removeIf(index -> index * PAGE >= newSize);
      dirty.removeIf(index -> index * PAGE >= newSize);
      disk.release(before - pages.size());
      int kept = (int) (newSize % PAGE);
      if (kept != 0 && pages.containsKey(newSize / PAGE)) {
        Arrays.fill(pageToWrite(newSize / PAGE), kept, PAGE, (byte) 0);
      }
      size = newSize;
      cutTo = Math.min(cutTo, newSize);
    }
    changed();
  }

  /** Reserves space; the file grows if it ends before. */
  public void allocate(long offset, long length) throws DiskException {
    long first = offset / PAGE;
    long last = (offset + length - 1) / PAGE;
    long missing = last - first + 1;
    for (long index : pages.keySet()) {
      missing -= index >= first && index <= last ? 1 : 0;
    }
    if (!disk.reserve(missing)) {
      throw new DiskException(Errno.ENOSPC);
    }
    for (long index = first; index <= last; index++) {
      pages.computeIfAbsent(index, _ -> new byte[PAGE]);
    }
    size = Math.max(size, offset + length);
    changed();
  }

  // ---- the device ----

  /**
   * Stores the content on the device.
   *
   * @throws DiskException if the device fails. As on Linux the pages are clean then: a later store
   *     succeeds although it does not store them
   */
  public void store() throws DiskException {
    try {
      disk.beforeForce();
    } catch (DiskException failed) {
      dirty.clear();
      throw failed;
    }
    storeAll();
  }

  void storeAll() {
    cutStored();
    for (long index : dirty) {
      stored.put(index, Objects.requireNonNull(pages.get(index)));
    }
    dirty.clear();
    storedSize = size;
  }

  private void cutStored() {
    if (cutTo < storedSize) {
      long end = cutTo;
      stored.keySet().removeIf(index -> index * PAGE >= end);
      storedSize = end;
      zeroTail();
    }
    cutTo = NOT_CUT;
  }

  /** The bytes beyond the stored size are zeros, which a later extension shows. */
  private void zeroTail() {
    stored.keySet().removeIf(index -> index * PAGE >= storedSize);
    int kept = (int) (storedSize % PAGE);
    byte[] last = stored.get(storedSize / PAGE);
    if (kept != 0 && last != null) {
      byte[] cut = Arrays.copyOf(last, PAGE);
      Arrays.fill(cut, kept, PAGE, (byte) 0);
      stored.put(storedSize / PAGE, cut);
    }
  }

  /** Drops the page cache; what was not stored is kept, lost or torn, as {@code random} decides. */
  void crash(SplittableRandom random) {
    if (!freed && (!dirty.isEmpty() || size != storedSize || cutTo != NOT_CUT)) {
      switch (random.nextInt(FATES)) {
        case 0 -> {} // the device has stored nothing
        case 1 -> storeAll();
        default -> tear(random);
      }
    }
    pages = new HashMap<>(stored);
    size = storedSize;
    dirty.clear();
    cutTo = NOT_CUT;
    opens = 0;
    freed = false;
  }

  private void tear(SplittableRandom random) {
    cutStored();
    for (long index : dirty) {
      byte[] page = Objects.requireNonNull(pages.get(index));
      switch (random.nextInt(3)) {
        case 0 -> {} // lost
        case 1 -> stored.put(index, page);
        default -> stored.put(index, torn(stored.get(index), page, random));
      }
    }
    storedSize =
        size > storedSize ? storedSize + random.nextLong(size - storedSize + 1) : storedSize;
    zeroTail();
  }

  private static byte[] torn(byte @Nullable [] old, byte[] page, SplittableRandom random) {
    byte[] mixed = old == null ? new byte[PAGE] : old.clone();
    for (int at = 0; at < PAGE; at += SECTOR) {
      if (random.nextBoolean()) {
        System.arraycopy(page, at, mixed, at, SECTOR);
      }
    }
    return mixed;
  }
}
