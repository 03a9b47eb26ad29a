package dev.goasync.watch;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.handle.HandleReadiness;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.WatchHandle;
import dev.goasync.internal.platform.WatchHandle.Change;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tells what happens to a file, in a folder, or in a folder and all below it.
 *
 * <pre>{@code
 * try (FileWatch watch = FileWatch.directoryTree(Path.of("src"))) {
 *   while (true) {
 *     List<FileEvent> changes = watch.takeDebounced(Duration.ofMillis(100));  // when it is quiet again
 *     rebuild(changes);
 *   }
 * }
 * }</pre>
 *
 * <p>What happens from the moment it is made is told, in its order, also what happens in folders
 * that are made meanwhile. The same twice in a row is told once. Links are not followed.
 *
 * <p>A file is watched by its path: it need not exist, and if an editor saves it by renaming
 * another file over it, that one is watched from then on.
 *
 * <p>On Linux each watch takes one of the user's {@code fs.inotify.max_user_instances}, each folder
 * one of the {@code max_user_watches}. With the {@code nio} backend the JDK watches: a move is told
 * as {@code DELETED} and {@code CREATED}.
 *
 * <p><b>Threads.</b> One caller at a time; a second one that comes meanwhile gets an {@link
 * IllegalStateException}.
 *
 * <p><b>Errors.</b> {@link NoSuchFileException} once what is watched is gone, which is told as
 * {@code DELETED} first; an {@link IOException} that names the limit if a new folder is one too
 * many; {@link java.nio.channels.ClosedChannelException} after {@link #close}, and {@link
 * java.nio.channels.AsynchronousCloseException} if closed meanwhile.
 *
 * <p><b>Cancellation.</b> A cancelled wait takes no event.
 */
public final class FileWatch implements AutoCloseable {
  /** How long the other half of a move may take; the system makes them one after the other. */
  private static final Duration OTHER_HALF = Duration.ofMillis(20);

  /** Of {@link #takeDebounced}: after so many quiet times it is told though it is not quiet. */
  private static final int LONGEST = 10;

  private final Path path;
  private final WatchHandle handle;
  private final EventAssembler changes;

  /** Of a file's watch: what of its folder's events is the file's. */
  private final @Nullable SingleFileFilter file;

  private final AtomicBoolean taking = new AtomicBoolean();

  private FileWatch(
      Path path, WatchHandle handle, EventAssembler changes, @Nullable SingleFileFilter file) {
    this.path = path;
    this.handle = handle;
    this.changes = changes;
    this.file = file;
  }

  /**
   * Watches a file, which need not exist, in a folder, which must.
   *
   * @throws NoSuchFileException if there is no such folder
   */
  public static FileWatch file(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException("not a file's path: " + file);
    }
    return open(file, folder, false, new SingleFileFilter(file, file.toAbsolutePath()));
  }

  /**
   * Watches the entries of a folder, but not what is in folders in it.
   *
   * @throws NoSuchFileException if there is none
   * @throws java.nio.file.NotDirectoryException if it is no folder
   */
  public static FileWatch directory(Path folder) throws IOException {
    return open(folder, folder, false, null);
  }

  /**
   * Watches a folder and all folders below it, also those that come later. Those that may not be
   * read are left out.
   *
   * @throws NoSuchFileException if there is none
   * @throws java.nio.file.NotDirectoryException if it is no folder
   * @throws java.nio.file.FileSystemException if there are more folders than can be watched; says
   *     which setting to raise
   */
  public static FileWatch directoryTree(Path folder) throws IOException {
    return open(folder, folder, true, null);
  }

  private static FileWatch open(
      Path path, Path folder, boolean tree, @Nullable SingleFileFilter file) throws IOException {
    WatchHandle handle = Backends.platform().openWatch();
    boolean opened = false;
    try {
      WatchedDirectories folders = new WatchedDirectories(handle);
      GoAsync.offload(() -> {
        if (tree) {
          folders.addTree(folder, true, _ -> {});
        } else {
          folders.add(folder, true);
        }
        if (file != null) {
          file.look();
        }
      });
      opened = true;
      return new FileWatch(path, handle, new EventAssembler(folder, folders, tree), file);
    } finally {
      if (!opened) {
        handle.close();
      }
    }
  }

  /**
   * Waits for the next event and takes it.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  public FileEvent take() throws IOException {
    begin();
    try {
      GoAsync.checkCancelled();
      return next();
    } finally {
      taking.set(false);
    }
  }

  /**
   * Waits for an event, and then until nothing has happened for some time, so that what belongs
   * together comes together; at most ten times that long. Takes what has happened, each event once.
   *
   * @param quiet how long nothing must happen
   * @throws CancellationException as {@link #take} does; no event is taken then
   * @throws IllegalArgumentException if {@code quiet} is negative
   */
  public List<FileEvent> takeDebounced(Duration quiet) throws IOException {
    if (quiet.isNegative()) {
      throw new IllegalArgumentException("quiet is negative: " + quiet);
    }
    begin();
    Set<FileEvent> all = new LinkedHashSet<>();
    try {
      GoAsync.checkCancelled();
      all.add(next());
      try {
        GoAsync.withTimeout(quiet.multipliedBy(LONGEST), () -> gather(quiet, all));
      } catch (DeadlineExceededException quietOrLongest) {
        // and so it is told
      } catch (NoSuchFileException over) {
        // after what is told
      }
      return new ArrayList<>(all);
    } catch (CancellationException cancelled) {
      changes.putBack(all);
      throw cancelled;
    } finally {
      taking.set(false);
    }
  }

  private void gather(Duration quiet, Set<FileEvent> all) throws IOException {
    while (true) {
      all.add(GoAsync.<FileEvent, IOException>withTimeout(quiet, this::next));
    }
  }

  private void begin() {
    if (!taking.compareAndSet(false, true)) {
      throw new IllegalStateException("two are taking events of " + this + " at once");
    }
  }

  private FileEvent next() throws IOException {
    while (true) {
      FileEvent event = changes.poll();
      if (event == null) {
        read();
      } else if (file == null) {
        return event;
      } else {
        FileEvent own = file.of(event);
        if (own != null) {
          return own;
        }
      }
    }
  }

  private void read() throws IOException {
    if (changes.isOver()) {
      throw new NoSuchFileException(path.toString(), null, "it was deleted or moved");
    }
    List<Change> batch = List.of();
    if (!changes.isHalf()) {
      batch = handle.read();
    } else if (comesSoon()) {
      batch = handle.read();
    }
    List<Change> taken = batch;
    GoAsync.shielded(() -> GoAsync.offload(() -> changes.take(taken))); // looks at the disk
  }

  private boolean comesSoon() throws IOException {
    try {
      GoAsync.<IOException>withTimeout(OTHER_HALF, () -> handle.awaitReady(Direction.INPUT));
      return true;
    } catch (DeadlineExceededException wasNoMove) {
      return false;
    }
  }

  /** Whether something has happened, to wait for it in a select; perhaps not to the file. */
  public Readiness pending() {
    return new HandleReadiness("changes of " + path, handle, Direction.INPUT, changes::hasEvents);
  }

  /** What is watched. */
  public Path path() {
    return path;
  }

  /**
   * Ends it; a wait under way ends with {@link java.nio.channels.AsynchronousCloseException}.
   * Closing again does nothing.
   */
  @Override
  public void close() throws IOException {
    handle.close();
  }

  @Override
  public String toString() {
    return "FileWatch[" + path + "]";
  }
}
