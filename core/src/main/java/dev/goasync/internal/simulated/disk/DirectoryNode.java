package dev.goasync.internal.simulated.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A directory. */
public final class DirectoryNode extends Node {
  private static final long SIZE = 4096;

  /** Sorted, so that nothing depends on hash codes. */
  private final Map<String, Node> entries = new TreeMap<>();

  private DirectoryNode parent;

  DirectoryNode(Disk disk, int mode, @Nullable DirectoryNode parent) {
    super(disk, mode);
    this.parent = parent == null ? this : parent;
  }

  DirectoryNode parent() {
    return parent;
  }

  void setParent(DirectoryNode newParent) {
    parent = newParent;
  }

  @Nullable Node get(String name) {
    return entries.get(name);
  }

  Map<String, Node> entries() {
    return entries;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Whether the directory has been deleted. */
  boolean isDeleted() {
    return links == 0;
  }

  boolean isBelow(Node other) {
    DirectoryNode at = this;
    while (at != other && at.parent != at) {
      at = at.parent;
    }
    return at == other;
  }

  /** An entry: a name and what it leads to. */
  public record Entry(String name, Node node) {}

  /** The entries, in an order that the disk draws. */
  public List<Entry> list() {
    List<Entry> left = new ArrayList<>();
    entries.forEach((name, node) -> left.add(new Entry(name, node)));
    List<Entry> listed = new ArrayList<>();
    while (!left.isEmpty()) {
      int drawn = disk.random().nextInt(left.size());
      listed.add(left.get(drawn));
      left.set(drawn, left.getLast());
      left.removeLast();
    }
    return listed;
  }

  @Override
  public long size() {
    return SIZE;
  }
}
