package dev.goasync.internal.simulated.disk;

import dev.goasync.internal.sys.Abi;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The file system of a simulated host. It outlives a crash of the host, which loses what was not
 * forced: changes of directories by {@link Journal}, contents by {@link FileNode#crash}.
 *
 * <p>Paths are relative to a directory, or absolute. Errors are those of Linux. Permissions are
 * stored and not checked, as for root. Owned by the thread of the simulation.
 */
public final class Disk {
  private static final int ROOT_MODE = 0755;

  private final InstantSource clock;
  private final SplittableRandom random;
  private final Journal journal = new Journal();
  private final DiskWatches watches = new DiskWatches();
  private final Countdown reads = new Countdown();
  private final Countdown writes = new Countdown();
  private final Countdown forces = new Countdown();
  private final DirectoryNode root;
  private long lastNumber;
  private long maxPages = Long.MAX_VALUE;
  private long usedPages;

  /** An operation that is to fail. */
  private static final class Countdown {
    private long left;

    void pass(int errno) throws DiskException {
      if (left > 0 && --left == 0) {
        throw new DiskException(errno);
      }
    }
  }

  /**
   * @param clock the clock of the host, for the times of files
   * @param random decides what a crash loses, and the order of entries
   */
  public Disk(InstantSource clock, SplittableRandom random) {
    this.clock = clock;
    this.random = random;
    root = new DirectoryNode(this, ROOT_MODE, null);
    root.links = 1;
  }

  /** The directory {@code /}. */
  public DirectoryNode root() {
    return root;
  }

  /** The watches of directories. */
  public DiskWatches watches() {
    return watches;
  }

  SplittableRandom random() {
    return random;
  }

  /** A random number, for a unique name. */
  public long drawNumber() {
    return random.nextLong();
  }

  Instant time() {
    return clock.instant();
  }

  long nextNumber() {
    return ++lastNumber;
  }

  // ---- faults ----

  /** Sets the size of the disk. */
  public void setCapacity(long bytes) {
    maxPages = bytes / FileNode.PAGE;
  }

  /** The bytes that files occupy, in whole pages. */
  public long used() {
    return usedPages * FileNode.PAGE;
  }

  /** Makes a read fail: 1 for the next one. */
  public void failRead(long number) {
    reads.left = number;
  }

  /** Makes a write fail: 1 for the next one. */
  public void failWrite(long number) {
    writes.left = number;
  }

  /** Makes a force fail: 1 for the next one. */
  public void failForce(long number) {
    forces.left = number;
  }

  void beforeRead() throws DiskException {
    reads.pass(Errno.EIO);
  }

  void beforeWrite() throws DiskException {
    writes.pass(Errno.EIO);
  }

  void beforeForce() throws DiskException {
    forces.pass(Errno.EIO);
  }

  boolean reserve(long pages) {
    if (pages > maxPages - usedPages) {
      return false;
    }
    usedPages += pages;
    return true;
  }

  void release(int pages) {
    usedPages -= pages;
  }

  // ---- names ----

  /** Returns what a path leads to. */
  public Node find(DirectoryNode from, String path, boolean follow, boolean beneath)
      throws DiskException {
    return new PathWalk(from, beneath).walk(path, follow).existing();
  }

  /** Returns the absolute path of a directory without links. */
  public String pathOf(DirectoryNode directory) {
    Deque<String> names = new ArrayDeque<>();
    for (DirectoryNode at = directory; at != root; at = at.parent()) {
      DirectoryNode child = at;
      at.parent()
          .entries()
          .forEach((name, node) -> {
            if (node == child) {
              names.addFirst(name);
            }
          });
    }
    return "/" + String.join("/", names);
  }

  /** Returns the absolute path without links. */
  public String realPath(DirectoryNode from, String path) throws DiskException {
    PathWalk.Place place = new PathWalk(from, false).walk(path, true);
    Node node = place.existing();
    if (node instanceof DirectoryNode directory) {
      return pathOf(directory);
    }
    String parent = pathOf(place.directory());
    return parent.equals("/") ? parent + place.name() : parent + "/" + place.name();
  }

  /**
   * Opens or creates a file, which the caller closes; a directory can be opened for reading.
   *
   * @param flags as for {@code openat}
   */
  public Node open(DirectoryNode from, String path, int flags, int mode, boolean beneath)
      throws DiskException {
    boolean exclusive = (flags & Linux.O_EXCL) != 0;
    boolean follow = !exclusive && (flags & Abi.O_NOFOLLOW) == 0;
    PathWalk.Place place = new PathWalk(from, beneath).walk(path, follow);
    Node node = place.node();
    boolean existed = node != null;
    if (node == null && (flags & Linux.O_CREAT) != 0) {
      if (place.slash()) {
        throw new DiskException(Errno.EISDIR);
      }
      node = new FileNode(this, mode);
      add(place, node);
    } else if (node != null && exclusive) {
      throw new DiskException(Errno.EEXIST);
    }
    if (node == null) {
      throw new DiskException(Errno.ENOENT);
    }
    checkOpens(node, flags);
    if (node instanceof FileNode file) {
      file.opened();
      if (existed && (flags & Linux.O_TRUNC) != 0) {
        file.truncate(0);
      }
    }
    return node;
  }

  private static void checkOpens(Node node, int flags) throws DiskException {
    if (node instanceof LinkNode) {
      throw new DiskException(Errno.ELOOP);
    }
    if (node instanceof SocketNode) {
      throw new DiskException(Errno.ENXIO);
    }
    boolean writes = (flags & (Linux.O_ACCMODE | Linux.O_CREAT)) != 0;
    if (node instanceof DirectoryNode && writes) {
      throw new DiskException(Errno.EISDIR);
    }
  }

  /** Opens a directory. */
  public DirectoryNode openDirectory(DirectoryNode from, String path, boolean beneath)
      throws DiskException {
    if (find(from, path, true, beneath) instanceof DirectoryNode directory) {
      return directory;
    }
    throw new DiskException(Errno.ENOTDIR);
  }

  /** Creates a directory. */
  public void createDirectory(DirectoryNode from, String path, int mode, boolean beneath)
      throws DiskException {
    PathWalk.Place place = missing(from, path, beneath);
    add(place, new DirectoryNode(this, mode, place.directory()));
  }

  /** Creates a symbolic link. */
  public void createLink(DirectoryNode from, String path, String target) throws DiskException {
    add(missing(from, path, false), new LinkNode(this, target));
  }

  /** Creates the file of a Unix socket. */
  public SocketNode createSocket(String path, int mode) throws DiskException {
    SocketNode node = new SocketNode(this, mode);
    add(missing(root, path, false), node);
    return node;
  }

  /** Creates a second name of a file. */
  public void link(DirectoryNode from, String existing, String path) throws DiskException {
    Node node = find(from, existing, false, false);
    PathWalk.Place place = missing(from, path, false);
    if (node instanceof DirectoryNode) {
      throw new DiskException(Errno.EPERM);
    }
    add(place, node);
  }

  private static PathWalk.Place missing(DirectoryNode from, String path, boolean beneath)
      throws DiskException {
    PathWalk.Place place = new PathWalk(from, beneath).walk(path, false);
    if (place.node() != null) {
      throw new DiskException(Errno.EEXIST);
    }
    return place;
  }

  /** Deletes a file, a link or an empty directory. */
  public void delete(DirectoryNode from, String path, boolean beneath) throws DiskException {
    PathWalk.Place place = new PathWalk(from, beneath).walk(path, false);
    Node node = place.existing();
    if (place.name().equals(".")) {
      throw new DiskException(node == root ? Errno.EBUSY : Errno.EINVAL);
    }
    checkEmpty(node);
    DirectoryNode directory = place.directory();
    put(directory, place.name(), null);
    watches.deleted(place, node);
    journal.add(() -> undoPut(directory, place.name(), node));
  }

  private static void checkEmpty(@Nullable Node node) throws DiskException {
    if (node instanceof DirectoryNode directory && !directory.isEmpty()) {
      throw new DiskException(Errno.ENOTEMPTY);
    }
  }

  /** Renames, atomically; replaces a file, or an empty directory by a directory. */
  public void rename(DirectoryNode from, String path, String newPath, boolean beneath)
      throws DiskException {
    PathWalk.Place source = new PathWalk(from, beneath).walk(path, false);
    PathWalk.Place target = new PathWalk(from, beneath).walk(newPath, false);
    if (source.name().equals(".") || target.name().equals(".")) {
      throw new DiskException(Errno.EBUSY);
    }
    Node moved = source.existing();
    Node replaced = target.node();
    if (moved == replaced) {
      return;
    }
    checkReplaces(moved, target);
    moved.links++; // it has a name at each moment
    put(source.directory(), source.name(), null);
    put(target.directory(), target.name(), moved);
    moved.links--;
    watches.moved(source, target, moved, replaced);
    journal.add(() -> {
      undoPut(target.directory(), target.name(), replaced);
      undoPut(source.directory(), source.name(), moved);
    });
  }

  private static void checkReplaces(Node moved, PathWalk.Place target) throws DiskException {
    Node replaced = target.node();
    if (moved instanceof DirectoryNode) {
      if (target.directory().isBelow(moved)) {
        throw new DiskException(Errno.EINVAL);
      }
      if (replaced != null && !(replaced instanceof DirectoryNode)) {
        throw new DiskException(Errno.ENOTDIR);
      }
    } else if (replaced instanceof DirectoryNode) {
      throw new DiskException(Errno.EISDIR);
    } else if (target.slash()) {
      throw new DiskException(Errno.ENOTDIR);
    }
    checkEmpty(replaced);
  }

  private void add(PathWalk.Place place, Node node) {
    DirectoryNode directory = place.directory();
    put(directory, place.name(), node);
    watches.created(place);
    journal.add(() -> undoPut(directory, place.name(), null));
  }

  private static void put(DirectoryNode directory, String name, @Nullable Node node) {
    if (node != null) {
      node.links++; // before the old name goes, which may be the last
    }
    Node old = undoPut(directory, name, node);
    if (old != null) {
      old.links--;
      if (old instanceof FileNode file) {
        file.freeIfUnused();
      }
    }
    directory.touch();
  }

  /** Sets an entry; a crash counts the names anew. */
  private static @Nullable Node undoPut(DirectoryNode directory, String name, @Nullable Node node) {
    if (node instanceof DirectoryNode child) {
      child.setParent(directory);
    }
    return node == null ? directory.entries().remove(name) : directory.entries().put(name, node);
  }

  // ---- the device ----

  /**
   * Stores all changes of directories on the device.
   *
   * @throws DiskException if the device fails
   */
  public void storeNames() throws DiskException {
    beforeForce();
    journal.commit();
  }

  /** Stores everything, as an orderly end of the host does. */
  public void storeAll() {
    watches.closeAll();
    journal.commit();
    storeAll(root);
    recount();
  }

  private static void storeAll(Node node) {
    switch (node) {
      case DirectoryNode directory -> directory.entries().values().forEach(Disk::storeAll);
      case FileNode file -> file.storeAll();
      case LinkNode _, SocketNode _ -> {}
    }
  }

  /** Loses or tears what was not stored. */
  public void crash() {
    watches.closeAll();
    journal.cut(random);
    crash(root);
    recount();
  }

  private void crash(Node node) {
    switch (node) {
      case DirectoryNode directory -> directory.entries().values().forEach(this::crash);
      case FileNode file -> file.crash(random);
      case LinkNode _, SocketNode _ -> {}
    }
  }

  /** Counts names and pages anew; no file is open. */
  private void recount() {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    root.links = 1;
    usedPages = 0;
    recount(root, seen);
  }

  private void recount(DirectoryNode directory, Set<Node> seen) {
    for (Node node : directory.entries().values()) {
      if (!seen.add(node)) {
        node.links++;
        continue;
      }
      node.links = 1;
      if (node instanceof DirectoryNode child) {
        recount(child, seen);
      } else if (node instanceof FileNode file) {
        file.forgetOpens();
        usedPages += file.pageCount();
      }
    }
  }
}
