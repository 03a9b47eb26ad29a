package dev.goasync.file;

import dev.goasync.GoAsync;
import dev.goasync.TaskFailedException;
import dev.goasync.TaskScope;
import dev.goasync.internal.worker.Workers;
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
 * A walk by several coroutines of one loop, or by one thread. Each takes an open folder, reads a
 * batch of it, puts it back for the next, and visits the batch. Who finds nothing to take ends; who
 * puts something there starts a further one, as long as there may be more.
 */
final class TreeWalk {
  private static final int BATCH = 64;
  private static final LinkOption[] FOLLOW = {};
  private static final LinkOption[] STAY = {LinkOption.NOFOLLOW_LINKS};

  /** Something met, with what is known of it. */
  private record Entry(
      Path path, @Nullable BasicFileAttributes attributes, @Nullable IOException failure) {}

  /** A folder to be read or being read. */
  private static final class Folder {
    final Path path;
    final @Nullable Folder parent;

    /** What tells the folder from others; null if links are not followed, which can make rings. */
    final @Nullable Object key;

    @Nullable DirectoryStream<Path> stream;
    @Nullable Iterator<Path> rest;

    Folder(Path path, @Nullable Folder parent, @Nullable Object key) {
      this.path = path;
      this.parent = parent;
      this.key = key;
    }

    boolean isBelow(Object otherKey) {
      for (Folder above = this; above != null; above = above.parent) {
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

  /** Null for a thread, which walks alone. */
  private @Nullable TaskScope scope;

  private final int most;
  private int walkers;

  /** The folders to be taken; the last that came first, so that few are open at once. */
  private final ArrayDeque<Folder> folders = new ArrayDeque<>();

  private TreeWalk(PathVisitor visitor, FileVisitOption[] options, int most) {
    this.visitor = visitor;
    this.followsLinks = Arrays.asList(options).contains(FileVisitOption.FOLLOW_LINKS);
    this.linkOptions = followsLinks ? FOLLOW : STAY;
    this.most = most;
  }

  static void run(Path start, int most, PathVisitor visitor, FileVisitOption... options)
      throws IOException {
    TreeWalk walk = new TreeWalk(visitor, options, most);
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
      walk.folders.forEach(TreeWalk::close);
    }
  }

  private void begin(Path start) throws IOException {
    walkers++;
    visit(Workers.offLoop(start, () -> look(start)), null);
    work();
  }

  private void push(Folder folder) {
    folders.push(folder);
    TaskScope helpers = scope;
    if (helpers != null && walkers < most) {
      walkers++;
      helpers.goAsync(this::work);
    }
  }

  private void work() throws IOException {
    Folder taken = null;
    try {
      while ((taken = folders.poll()) != null) {
        Folder folder = taken;
        List<Entry> batch = Workers.offLoop(folder.path, () -> readBatch(folder));
        if (folder.rest != null) {
          push(folder);
        }
        taken = null;
        for (Entry entry : batch) {
          visit(entry, folder);
        }
      }
    } finally {
      walkers--;
      if (taken != null) {
        close(taken);
      }
    }
  }

  private void visit(Entry entry, @Nullable Folder parent) throws IOException {
    BasicFileAttributes attributes = entry.attributes;
    if (attributes == null) {
      visitor.failed(entry.path, Objects.requireNonNull(entry.failure));
      return;
    }
    Object key = followsLinks && attributes.isDirectory() ? keyOf(entry.path, attributes) : null;
    if (key != null && parent != null && parent.isBelow(key)) {
      visitor.failed(entry.path, new FileSystemLoopException(entry.path.toString()));
      return;
    }
    visitor.visit(entry.path, attributes);
    if (attributes.isDirectory()) {
      push(new Folder(entry.path, parent, key));
    }
  }

  private static Object keyOf(Path path, BasicFileAttributes attributes) throws IOException {
    Object key = attributes.fileKey();
    return key != null ? key : Workers.offLoop(path, path::toRealPath);
  }

  // ---- calls that block, made off the loop ----

  private Entry look(Path path) {
    try {
      return new Entry(path, attributes(path), null);
    } catch (IOException failure) {
      return new Entry(path, null, failure);
    }
  }

  /** A link that leads nowhere is a link, though links are followed. */
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

  /** Reads on; opens the folder if it has not been, and closes it at its end. */
  private List<Entry> readBatch(Folder folder) throws IOException {
    List<Entry> batch = new ArrayList<>();
    try {
      Iterator<Path> rest = folder.rest == null ? open(folder) : folder.rest;
      while (batch.size() < BATCH && rest.hasNext()) {
        Entry seen = look(rest.next());
        if (!(seen.failure instanceof NoSuchFileException)) { // gone meanwhile
          batch.add(seen);
        }
      }
      if (!rest.hasNext()) {
        close(folder);
      }
    } catch (DirectoryIteratorException failed) {
      batch.add(new Entry(folder.path, null, failed.getCause()));
      close(folder);
    } catch (IOException cannotBeOpened) {
      batch.add(new Entry(folder.path, null, cannotBeOpened));
    }
    return batch;
  }

  @SuppressWarnings("StreamResourceLeak") // close(Folder) closes it
  private static Iterator<Path> open(Folder folder) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(folder.path);
    folder.stream = stream;
    folder.rest = stream.iterator();
    return folder.rest;
  }

  /** Closing a folder waits for nobody. */
  private static void close(Folder folder) {
    DirectoryStream<Path> stream = folder.stream;
    folder.stream = null;
    folder.rest = null;
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException nothingWasWritten) {
        // and all was read that was wanted
      }
    }
  }
}
