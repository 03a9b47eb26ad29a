package dev.goasync.internal.simulated;

import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries that a directory had when the stream was opened. */
final class HostDirectoryStream implements DirectoryStream<Path> {
  private @Nullable List<Path> entries;

  HostDirectoryStream(List<Path> entries) {
    this.entries = entries;
  }

  @Override
  public Iterator<Path> iterator() {
    List<Path> left = entries;
    if (left == null) {
      throw new IllegalStateException("the stream is closed, or its iterator was returned");
    }
    entries = null;
    return left.iterator();
  }

  @Override
  public void close() {
    entries = null;
  }
}
