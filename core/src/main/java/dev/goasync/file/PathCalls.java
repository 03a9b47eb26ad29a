package dev.goasync.file;

import dev.goasync.GoAsync;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Calls of {@link java.nio.file.Files} that do not block the loop. A worker thread makes the call
 * for a coroutine. In a simulation the coroutine makes it, with the path of its simulated host
 * instead of the caller's path.
 */
final class PathCalls {
  private PathCalls() {}

  /** A call with the path to use. */
  @FunctionalInterface
  interface PathCall<R extends @Nullable Object> {
    R run(Path path) throws IOException;
  }

  /** A call without a result. */
  @FunctionalInterface
  interface PathAction {
    void run(Path path) throws IOException;
  }

  private static @Nullable Backend simulation() {
    Backend own = Backends.ownOfCaller();
    return own != null && own.isSimulated() ? own : null;
  }

  static boolean isSimulated() {
    return simulation() != null;
  }

  /**
   * Whether {@link AsyncFile} opens the path.
   *
   * @throws UnsupportedOperationException in a simulation, if the path is of another file system
   */
  static boolean isOfAsyncFile(Path path) {
    if (path.getFileSystem() == FileSystems.getDefault()) {
      return true;
    }
    Backend simulation = simulation();
    if (simulation != null) {
      var _ = simulation.locate(path); // refuses all but those of the host
    }
    return simulation != null;
  }

  /**
   * The path to which {@code Files} applies the caller's operation.
   *
   * @throws UnsupportedOperationException in a simulation, if the path is of another file system
   */
  static Path located(Path path) {
    Backend simulation = simulation();
    return simulation == null ? path : simulation.locate(path);
  }

  /** The caller's form of a path that {@code Files} returned for a located one. */
  static Path plain(Path path) {
    return simulation() == null ? path : Path.of(path.toString());
  }

  /** A part of a new unique name. */
  static String newNamePart() {
    Backend simulation = simulation();
    return simulation == null ? UUID.randomUUID().toString() : simulation.newNamePart();
  }

  /** Makes a call on a path. */
  static <R extends @Nullable Object> R run(Path path, PathCall<R> call) throws IOException {
    Path located = located(path);
    return run((Object) path, () -> call.run(located));
  }

  /** Makes a change of a path, and returns the path. */
  static Path change(Path path, PathAction action) throws IOException {
    return run(
        path,
        located -> {
          action.run(located);
          return path;
        });
  }

  /**
   * Makes a call on located paths.
   *
   * @param what the call, as the end of a sentence that begins with "waits for"
   */
  static <R extends @Nullable Object> R run(Object what, Workers.Call<R> call) throws IOException {
    return simulation() == null ? Workers.offLoop(what, call) : call.run();
  }

  /** Makes a call on located paths, which a cancel does not stop. */
  static <R extends @Nullable Object> R runUncancellable(Object what, Workers.Call<R> call)
      throws IOException {
    return simulation() == null
        ? Workers.offLoopUncancellable(what, call)
        : GoAsync.<R, IOException>shielded(call::run);
  }
}
