package dev.goasync.internal.simulated;

import dev.goasync.internal.simulated.disk.DirectoryNode;
import dev.goasync.internal.simulated.disk.FileNode;
import dev.goasync.internal.simulated.disk.LinkNode;
import dev.goasync.internal.simulated.disk.Node;
import dev.goasync.internal.simulated.disk.SocketNode;
import dev.goasync.internal.sys.FileModes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** The attributes of a file at one moment. */
record HostAttributes(
    Class<? extends Node> kind,
    long size,
    Set<PosixFilePermission> permissions,
    FileTime lastModifiedTime,
    FileTime lastAccessTime,
    FileTime creationTime,
    Object fileKey)
    implements PosixFileAttributes {
  /** The only user and group of simulated hosts. */
  static final GroupPrincipal ROOT = new Root();

  private record Root() implements GroupPrincipal {
    @Override
    public String getName() {
      return "root";
    }

    @Override
    public String toString() {
      return "root";
    }
  }

  private record FileKey(long number) {
    @Override
    public String toString() {
      return "(ino=" + number + ")";
    }
  }

  static HostAttributes of(Node node) {
    return new HostAttributes(
        node.getClass(),
        node.size(),
        permissions(node.mode()),
        FileTime.from(node.modified()),
        FileTime.from(node.accessed()),
        FileTime.from(node.created()),
        new FileKey(node.number()));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission each : PosixFilePermission.values()) {
      if ((mode & FileModes.bit(each)) != 0) {
        permissions.add(each);
      }
    }
    return permissions;
  }

  @Override
  public boolean isRegularFile() {
    return kind == FileNode.class;
  }

  @Override
  public boolean isDirectory() {
    return kind == DirectoryNode.class;
  }

  @Override
  public boolean isSymbolicLink() {
    return kind == LinkNode.class;
  }

  @Override
  public boolean isOther() {
    return kind == SocketNode.class;
  }

  @Override
  public GroupPrincipal owner() {
    return ROOT;
  }

  @Override
  public GroupPrincipal group() {
    return ROOT;
  }
}
