package dev.goasync.file;

import dev.goasync.GoAsync;
import dev.goasync.TaskFailedException;
import dev.goasync.TaskScope;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks a directory tree with several coroutines of one loop, or with one thread. A walker takes a
 * directory from the stack, reads a batch of its entries, pushes the directory back if it has more,
 * and visits the batch. A walker ends when the stack is empty. Each push starts one more walker, up
 * to {@code maxConcurrency}.
 */
final class TreeWalk {
  private static final int BATCH = 64;
  private static final LinkOption[] FOLLOW = {};
  private static final LinkOption[] STAY = {LinkOption.NOFOLLOW_LINKS};

  /** An entry that was found, with its attributes or the failure to read them. */
  private record Entry(
      Path path, @Nullable BasicFileAttributes attributes, @Nullable IOException failure) {}

  /** A directory that is waiting to be read or is being read. */
  private static final class Directory {
    final Path path;
    final @Nullable Directory parent;

    /** Identifies the directory, to detect loops; null if links are not followed. */
    final @Nullable Object key;

    @Nullable DirectoryStream<Path> stream;
    @Nullable Iterator<Path> rest;

    Directory(Path path, @Nullable Directory parent, @Nullable Object key) {
      this.path = path;
      this.parent = parent;
      this.key = key;
    }

    boolean isBelow(Object otherKey) {
      for (Directory above = this; above != null; above = above.parent) {
        if (otherKey.equals(above.key)) {
          return true;
        }
      }
      return false;
    }
  }

  private final PathVisitor visitor;
  private final boolean followsLinks;
  private final LinkOption[] linkOptions;

  /** Null on a plain thread, which walks alone. */
  private @Nullable TaskScope scope;

  private final int maxConcurrency;
  private int walkers;

  /** The directories to read, as a stack, so that few are open at once. */
  private final ArrayDeque<Directory> directories = new ArrayDeque<>();

  private TreeWalk(PathVisitor visitor, FileVisitOption[] options, int maxConcurrency) {
    this.visitor = visitor;
    this.followsLinks = Arrays.asList(options).contains(FileVisitOption.FOLLOW_LINKS);
    this.linkOptions = followsLinks ? FOLLOW : STAY;
    this.maxConcurrency = maxConcurrency;
  }

  static void run(Path start, int maxConcurrency, PathVisitor visitor, FileVisitOption... options)
      throws IOException {
    TreeWalk walk = new TreeWalk(visitor, options, maxConcurrency);
    try {
      if (GoAsync.inCoroutine()) {
        TaskScope.<@Nullable Void, IOException>run(scope -> {
          walk.scope = scope;
          walk.begin(start);
          return null;
        });
      } else {
        walk.begin(start);
      }
    } catch (TaskFailedException failed) {
      if (failed.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw failed;
    } finally {
      walk.directories.forEach(TreeWalk::close);
    }
  }

  private void begin(Path start) throws IOException {
    walkers++;
    visit(PathCalls.run(start, this::entryOf), null);
    work();
  }

  private void push(Directory directory) {
    directories.push(directory);
    TaskScope walkersScope = scope;
    if (walkersScope != null && walkers < maxConcurrency) {
      walkers++;
      walkersScope.goAsync(this::work);
    }
  }

  private void work() throws IOException {
    Directory taken = null;
    try {
      while ((taken = directories.poll()) != null) {
        Directory directory = taken;
        List<Entry> batch = PathCalls.run(directory.path, _ -> readBatch(directory));
        if (directory.rest != null) {
          push(directory);
        }
        taken = null;
        for (Entry entry : batch) {
          visit(entry, directory);
        }
      }
    } finally {
      walkers--;
      if (taken != null) {
        close(taken);
      }
    }
  }

  private void visit(Entry entry, @Nullable Directory parent) throws IOException {
    BasicFileAttributes attributes = entry.attributes;
    if (attributes == null) {
      visitor.failed(PathCalls.plain(entry.path), Objects.requireNonNull(entry.failure));
      return;
    }
    Object key = followsLinks && attributes.isDirectory() ? keyOf(entry.path, attributes) : null;
    if (key != null && parent != null && parent.isBelow(key)) {
      visitor.failed(
          PathCalls.plain(entry.path), new FileSystemLoopException(entry.path.toString()));
      return;
    }
    visitor.visit(PathCalls.plain(entry.path), attributes);
    if (attributes.isDirectory()) {
      push(new Directory(entry.path, parent, key));
    }
  }

  private static Object keyOf(Path path, BasicFileAttributes attributes) throws IOException {
    Object key = attributes.fileKey();
    return key != null ? key : PathCalls.run(path, here -> here.toRealPath());
  }

  // ---- blocking calls, made off the loop ----

  private Entry entryOf(Path path) {
    try {
      return new Entry(path, attributes(path), null);
    } catch (IOException failure) {
      return new Entry(path, null, failure);
    }
  }

  /** Returns the attributes of the link itself if its target does not exist. */
  private BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, linkOptions);
    } catch (IOException failure) {
      if (!followsLinks) {
        throw failure;
      }
      return Files.readAttributes(path, BasicFileAttributes.class, STAY);
    }
  }

  /**
   * Reads the next entries; opens the directory at its first and closes it after its last entry.
   */
  private List<Entry> readBatch(Directory directory) throws IOException {
    List<Entry> batch = new ArrayList<>();
    try {
      Iterator<Path> rest = directory.rest == null ? open(directory) : directory.rest;
      while (batch.size() < BATCH && rest.hasNext()) {
        Entry seen = entryOf(rest.next());
        if (!(seen.failure instanceof NoSuchFileException)) { // deleted during the walk
          batch.add(seen);
        }
      }
      if (!rest.hasNext()) {
        close(directory);
      }
    } catch (DirectoryIteratorException failed) {
      batch.add(new Entry(directory.path, null, failed.getCause()));
      close(directory);
    } catch (NoSuchFileException deletedDuringTheWalk) {
      if (directory.parent == null) { // the start must exist
        batch.add(new Entry(directory.path, null, deletedDuringTheWalk));
      }
    } catch (IOException cannotBeOpened) {
      batch.add(new Entry(directory.path, null, cannotBeOpened));
    }
    return batch;
  }

  @SuppressWarnings("StreamResourceLeak") // close(Directory) closes it
  private static Iterator<Path> open(Directory directory) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory.path);
    directory.stream = stream;
    directory.rest = stream.iterator();
    return directory.rest;
  }

  /** Closes the directory stream; that does not block. */
  private static void close(Directory directory) {
    DirectoryStream<Path> stream = directory.stream;
    directory.stream = null;
    directory.rest = null;
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException ignored) {
        // the entries that were needed have been read
      }
    }
  }
}
