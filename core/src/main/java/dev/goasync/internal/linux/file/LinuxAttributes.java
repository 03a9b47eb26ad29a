package dev.goasync.internal.linux.file;

import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.sys.Linux;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * The attributes in a {@code struct statx}.
 *
 * @param fileKey the device and the inode
 */
record LinuxAttributes(
    int type,
    long size,
    FileTime lastModifiedTime,
    FileTime lastAccessTime,
    FileTime creationTime,
    Object fileKey)
    implements BasicFileAttributes {
  private record FileKey(long device, long inode) {
    @Override
    public String toString() {
      return "(dev=" + Long.toHexString(device) + ",ino=" + inode + ")";
    }
  }

  /** Reads the structure; where the file system keeps no time of creation, it is that of change. */
  static LinuxAttributes of(NativeBuffer statx) {
    boolean hasBirth = (statx.intAt(0) & Linux.STATX_BIRTH) != 0;
    FileTime modified = time(statx, Linux.STATX_MODIFIED_AT);
    return new LinuxAttributes(
        statx.shortAt(Linux.STATX_MODE_AT) & Linux.S_IFMT,
        statx.longAt(Linux.STATX_SIZE_AT),
        modified,
        time(statx, Linux.STATX_ACCESSED_AT),
        hasBirth ? time(statx, Linux.STATX_CREATED_AT) : modified,
        new FileKey(statx.longAt(Linux.STATX_DEVICE_AT), statx.longAt(Linux.STATX_INODE_AT)));
  }

  /** Reads a {@code struct statx_timestamp}: seconds of 8 bytes, nanoseconds of 4. */
  private static FileTime time(NativeBuffer statx, int at) {
    return FileTime.from(Instant.ofEpochSecond(statx.longAt(at), statx.intAt(at + Long.BYTES)));
  }

  @Override
  public boolean isRegularFile() {
    return type == Linux.S_IFREG;
  }

  @Override
  public boolean isDirectory() {
    return type == Linux.S_IFDIR;
  }

  @Override
  public boolean isSymbolicLink() {
    return type == Linux.S_IFLNK;
  }

  @Override
  public boolean isOther() {
    return !isRegularFile() && !isDirectory() && !isSymbolicLink();
  }
}
