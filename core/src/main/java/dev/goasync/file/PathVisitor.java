package dev.goasync.file;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What {@link AsyncFiles#walk(Path, int, PathVisitor, java.nio.file.FileVisitOption...)} does with
 * what it meets.
 */
@FunctionalInterface
public interface PathVisitor {
  /**
   * A file, a folder before what is in it, or a link that is not followed. May wait, as anything in
   * a coroutine; meanwhile others are visited.
   *
   * @throws IOException to end the walk, which then throws the same
   */
  void visit(Path path, BasicFileAttributes attributes) throws IOException;

  /**
   * A folder that cannot be read, or something whose attributes cannot. Throws {@code why}, which
   * ends the walk; returns to go on without it.
   */
  default void failed(Path path, IOException why) throws IOException {
    throw why;
  }
}
