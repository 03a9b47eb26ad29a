package dev.goasync.internal.simulated;

import dev.goasync.internal.simulated.disk.Node;
import java.util.ArrayList;
import java.util.List;

/** The locks on parts of files. As on Linux they belong to the open file, and vanish with it. */
final class FileRanges {
  private record Range(Node node, Object owner, long start, long end, boolean shared) {
    boolean conflicts(Range other) {
      return node == other.node
          && owner != other.owner
          && start < other.end
          && other.start < end
          && !(shared && other.shared);
    }
  }

  private final List<Range> ranges = new ArrayList<>();

  boolean tryLock(Node node, Object owner, long start, long size, boolean shared) {
    Range wanted = new Range(node, owner, start, endOf(start, size), shared);
    if (ranges.stream().anyMatch(wanted::conflicts)) {
      return false;
    }
    ranges.add(wanted);
    return true;
  }

  /** A size of 0 is without an end, as is one that overflows. */
  private static long endOf(long start, long size) {
    return size == 0 || start + size < 0 ? Long.MAX_VALUE : start + size;
  }

  void unlock(Object owner, long start, long size) {
    long end = endOf(start, size);
    ranges.removeIf(range -> range.owner == owner && range.start == start && range.end == end);
  }

  void unlockAll(Object owner) {
    ranges.removeIf(range -> range.owner == owner);
  }
}
