package dev.goasync.internal.simulated.disk;

import java.time.Instant;

/** What a name of a directory leads to: a file, a directory, a symbolic link or a socket. */
public abstract sealed class Node permits FileNode, DirectoryNode, LinkNode, SocketNode {
  final Disk disk;
  private final long number;
  private final Instant created;
  private int mode;
  private Instant modified;
  private Instant accessed;

  /** The number of names. */
  int links;

  Node(Disk disk, int mode) {
    this.disk = disk;
    this.number = disk.nextNumber();
    this.mode = mode;
    this.created = disk.time();
    this.modified = created;
    this.accessed = created;
  }

  /** The number that distinguishes the node from others of the disk. */
  public final long number() {
    return number;
  }

  /** The size in bytes. */
  public abstract long size();

  /** The permissions, as the last nine bits. */
  public final int mode() {
    return mode;
  }

  /** Sets the permissions. */
  public final void setMode(int newMode) {
    mode = newMode;
    disk.watches().modified(this);
  }

  /** The time of the creation. */
  public final Instant created() {
    return created;
  }

  /** The time of the last modification. */
  public final Instant modified() {
    return modified;
  }

  /** Sets the time of the last modification. */
  public final void setModified(Instant time) {
    modified = time;
    disk.watches().modified(this);
  }

  /** The time of the last access. */
  public final Instant accessed() {
    return accessed;
  }

  /** Sets the time of the last access. */
  public final void setAccessed(Instant time) {
    accessed = time;
  }

  final void touch() {
    modified = disk.time();
  }
}
