package dev.goasync.file;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Receives the entries of a directory tree from {@link AsyncFiles#walk(Path, int, PathVisitor,
 * java.nio.file.FileVisitOption...)}.
 */
@FunctionalInterface
public interface PathVisitor {
  /**
   * Visits a file, a directory (before its entries), or a link that is not followed. A visit may
   * wait; other coroutines of the walk visit other entries meanwhile.
   *
   * @throws IOException ends the walk, which throws the same exception
   */
  void visit(Path path, BasicFileAttributes attributes) throws IOException;

  /**
   * Called for a directory that cannot be read, or an entry whose attributes cannot be read. By
   * default throws {@code cause}, which ends the walk. If it returns, the walk goes on without the
   * entry.
   */
  default void failed(Path path, IOException cause) throws IOException {
    throw cause;
  }
}
