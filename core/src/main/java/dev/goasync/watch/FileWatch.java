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
 * Watches a file, a directory, or a directory tree for changes.
 *
 * <pre>{@code
 * try (FileWatch watch = FileWatch.directoryTree(Path.of("src"))) {
 *   while (true) {
 *     List<FileEvent> changes = watch.takeDebounced(Duration.ofMillis(100));
 *     System.out.println("rebuild after " + changes);
 *   }
 * }
 * }</pre>
 *
 * <p>A watch reports all changes since it was opened, in their order, including changes in
 * directories that are created later. Equal consecutive events are reported once. Symbolic links
 * are not followed.
 *
 * <p>A file is watched by its path. It need not exist. If another file is renamed over it, as many
 * editors do to save a file, the new file is watched from then on.
 *
 * <p>On Linux each watch uses one of the user's {@code fs.inotify.max_user_instances}, and each
 * directory one of the {@code fs.inotify.max_user_watches}. The {@code nio} backend uses the JDK's
 * watch service, which reports a move as {@code DELETED} and {@code CREATED}.
 *
 * <p><b>Threads.</b> One caller at a time; a concurrent second caller gets an {@link
 * IllegalStateException}.
 *
 * <p><b>Errors.</b> After the watched path is deleted or moved, {@link #take} returns a {@code
 * DELETED} event of it and then throws {@link NoSuchFileException}. If a new directory exceeds the
 * limit of watches, an {@link IOException} names the limit. After {@link #close} methods throw
 * {@link java.nio.channels.ClosedChannelException}; a wait in progress throws {@link
 * java.nio.channels.AsynchronousCloseException}.
 *
 * <p><b>Cancellation.</b> A cancelled wait takes no event.
 */
public final class FileWatch implements AutoCloseable {
  /** How long to wait for the second half of a move; the kernel queues both one after another. */
  private static final Duration SECOND_HALF = Duration.ofMillis(20);

  /** {@link #takeDebounced} returns after this many quiet periods even if changes go on. */
  private static final int MAX_QUIET_PERIODS = 10;

  /** A longer quiet period is as good as this one, which no clock overflows. */
  private static final Duration MAX_QUIET = Duration.ofDays(365);

  private final Path path;
  private final WatchHandle handle;
  private final EventAssembler changes;

  /** Selects the events of a single file; null if a directory is watched. */
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
   * Watches a file. The file need not exist, but its directory must.
   *
   * @throws NoSuchFileException if the directory does not exist
   * @throws IllegalArgumentException if {@code file} has no parent directory
   */
  public static FileWatch file(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IllegalArgumentException("file has no parent directory: " + file);
    }
    return open(file, directory, false, new SingleFileFilter(file, file.toAbsolutePath()));
  }

  /**
   * Watches the entries of a directory, but not the entries of its subdirectories.
   *
   * @throws NoSuchFileException if the directory does not exist
   * @throws java.nio.file.NotDirectoryException if {@code directory} is not a directory
   */
  public static FileWatch directory(Path directory) throws IOException {
    return open(directory, directory, false, null);
  }

  /**
   * Watches a directory and all directories below it, including those that are created later.
   * Directories that this process may not read are left out.
   *
   * @throws NoSuchFileException if the directory does not exist
   * @throws java.nio.file.NotDirectoryException if {@code directory} is not a directory
   * @throws java.nio.file.FileSystemException if the tree has more directories than can be watched;
   *     the message names the setting to raise
   */
  public static FileWatch directoryTree(Path directory) throws IOException {
    return open(directory, directory, true, null);
  }

  private static FileWatch open(
      Path path, Path directory, boolean tree, @Nullable SingleFileFilter file) throws IOException {
    WatchHandle handle = Backends.platform().openWatch();
    boolean opened = false;
    try {
      WatchedDirectories directories = new WatchedDirectories(handle);
      GoAsync.offload(() -> {
        if (tree) {
          directories.addTree(directory, true, (_, _) -> {});
        } else {
          directories.add(directory, true);
        }
        if (file != null) {
          file.checkExists();
        }
      });
      EventAssembler changes = new EventAssembler(directory, directories, tree);
      FileWatch watch = new FileWatch(path, handle, changes, file);
      watch.noteEmptyQueue();
      opened = true;
      return watch;
    } finally {
      if (!opened) {
        handle.close();
      }
    }
  }

  /**
   * Waits for the next event and removes it from the queue.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread is interrupted,
   *     before there is an event
   * @throws NoSuchFileException if the watched path was deleted or moved, and that was reported
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
   * Waits for an event, and then until no further event comes for the quiet period, so that the
   * changes of one action are returned together. Returns at the latest after ten quiet periods.
   * Equal events are returned once.
   *
   * @param quiet the quiet period
   * @throws CancellationException as {@link #take} does; no event is removed then
   * @throws IllegalArgumentException if {@code quiet} is negative
   */
  public List<FileEvent> takeDebounced(Duration quiet) throws IOException {
    if (quiet.isNegative()) {
      throw new IllegalArgumentException("quiet is negative: " + quiet);
    }
    Duration period = quiet.compareTo(MAX_QUIET) < 0 ? quiet : MAX_QUIET;
    begin();
    Set<FileEvent> all = new LinkedHashSet<>();
    boolean complete = false;
    try {
      GoAsync.checkCancelled();
      all.add(next());
      try {
        GoAsync.withTimeout(period.multipliedBy(MAX_QUIET_PERIODS), () -> gather(period, all));
      } catch (DeadlineExceededException quietOrMaximumReached) {
        // return the events
      } catch (NoSuchFileException watchEnded) {
        // return the events first; the next call throws
      }
      complete = true;
      return new ArrayList<>(all);
    } finally {
      if (!complete) {
        changes.putBack(all);
      }
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
      throw new IllegalStateException("another caller is waiting for events of " + this);
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
      throw new NoSuchFileException(path.toString(), null, "the watched path was deleted or moved");
    }
    List<Change> batch = List.of();
    if (changes.awaitsSecondHalf()) {
      batch = secondHalfComes() ? handle.read() : batch;
    } else if (!changes.hasPending()) {
      noteEmptyQueue();
      batch = handle.read();
    }
    List<Change> taken = batch;
    GoAsync.shielded(() -> GoAsync.offload(() -> changes.accept(taken))); // reads directories
  }

  private void noteEmptyQueue() throws IOException {
    if (handle.isOrdered() && !handle.isReady(Direction.INPUT)) {
      changes.drained();
    }
  }

  private boolean secondHalfComes() throws IOException {
    try {
      GoAsync.<IOException>withTimeout(SECOND_HALF, () -> handle.awaitReady(Direction.INPUT));
      return true;
    } catch (DeadlineExceededException notMovedWithinTheTree) {
      return false;
    }
  }

  /**
   * Returns the readiness of this watch, to wait for changes in a {@link dev.goasync.sync.Select}.
   * For a single file, a change of another file in its directory makes it ready too.
   */
  public Readiness pending() {
    return new HandleReadiness("changes of " + path, handle, Direction.INPUT, changes::hasEvents);
  }

  /** Returns the watched path. */
  public Path path() {
    return path;
  }

  /**
   * Stops watching. A wait in progress throws {@link java.nio.channels.AsynchronousCloseException}.
   * A second close does nothing.
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
