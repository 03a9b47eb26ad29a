package dev.goasync.internal.platform;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A path of a file system of this library, wrapped around a path of the default file system, which
 * does the arithmetic of names.
 */
public abstract class WrappedPath implements Path {
  private final Path inner;

  /**
   * @param inner a path of the default file system
   */
  protected WrappedPath(Path inner) {
    this.inner = Objects.requireNonNull(inner, "path");
  }

  /** The path of the default file system. */
  public final Path inner() {
    return inner;
  }

  /** Makes a path of the same file system. */
  protected abstract Path wrap(Path path);

  /**
   * Returns the wrapped path.
   *
   * @throws java.nio.file.ProviderMismatchException if it is not a path of the same file system
   */
  protected abstract Path unwrapSame(Path path);

  private @Nullable Path wrapOrNull(@Nullable Path path) {
    return path == null ? null : wrap(path);
  }

  @Override
  public final boolean isAbsolute() {
    return inner.isAbsolute();
  }

  @Override
  public final @Nullable Path getRoot() {
    return wrapOrNull(inner.getRoot());
  }

  @Override
  public final @Nullable Path getFileName() {
    return wrapOrNull(inner.getFileName());
  }

  @Override
  public final @Nullable Path getParent() {
    return wrapOrNull(inner.getParent());
  }

  @Override
  public final int getNameCount() {
    return inner.getNameCount();
  }

  @Override
  public final Path getName(int index) {
    return wrap(inner.getName(index));
  }

  @Override
  public final Path subpath(int beginIndex, int endIndex) {
    return wrap(inner.subpath(beginIndex, endIndex));
  }

  @Override
  public final boolean startsWith(Path other) {
    Path same = innerOfSame(other);
    return same != null && inner.startsWith(same);
  }

  @Override
  public final boolean endsWith(Path other) {
    Path same = innerOfSame(other);
    return same != null && inner.endsWith(same);
  }

  /** The inner path of a path of the same file system; null for any other object. */
  private @Nullable Path innerOfSame(@Nullable Object other) {
    return other instanceof WrappedPath path && path.getFileSystem() == getFileSystem()
        ? path.inner
        : null;
  }

  @Override
  public final Path normalize() {
    return wrap(inner.normalize());
  }

  @Override
  public final Path resolve(Path other) {
    return wrap(inner.resolve(unwrapSame(other)));
  }

  @Override
  public final Path relativize(Path other) {
    return wrap(inner.relativize(unwrapSame(other)));
  }

  @Override
  public final Path toAbsolutePath() {
    return wrap(inner.toAbsolutePath());
  }

  @Override
  public abstract Path toRealPath(LinkOption... options) throws IOException;

  @Override
  public final int compareTo(Path other) {
    return inner.compareTo(((WrappedPath) other).inner);
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    Path same = innerOfSame(other);
    return same != null && inner.equals(same);
  }

  @Override
  public final int hashCode() {
    return inner.hashCode();
  }

  @Override
  public final String toString() {
    return inner.toString();
  }
}
