package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.WatchHandle;
import dev.goasync.internal.simulated.disk.DirectoryNode;
import dev.goasync.internal.simulated.disk.Disk;
import dev.goasync.internal.simulated.disk.DiskException;
import dev.goasync.internal.simulated.disk.DiskWatch;
import dev.goasync.internal.simulated.resource.SimulatedResource;
import dev.goasync.internal.simulated.resource.WaitQueue;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;

/** Watches directories of the disk of a simulated host. */
final class SimulatedWatch extends SimulatedResource implements WatchHandle {
  private final HostFiles files;
  private final WaitQueue readers = new WaitQueue();
  private final DiskWatch watch;

  SimulatedWatch(HostRun run) {
    super(run);
    this.files = run.files;
    this.watch = files.disk().watches().open(readers::wakeAll);
  }

  @Override
  public int add(Path directory, boolean mayBeLink) throws IOException {
    checkOpen();
    Disk disk = files.disk();
    try {
      String path = files.absolute(directory);
      if (disk.find(disk.root(), path, mayBeLink, false) instanceof DirectoryNode found) {
        return watch.add(found);
      }
      throw new NotDirectoryException(directory.toString());
    } catch (DiskException failed) {
      throw switch (failed.errno()) {
        case Errno.ENOTDIR, Errno.ELOOP -> new NotDirectoryException(directory.toString());
        default -> IoErrors.ofFile(failed.errno(), directory.toString());
      };
    }
  }

  @Override
  public void remove(int number) throws IOException {
    checkOpen();
    watch.remove(number);
  }

  @Override
  public List<Change> read() throws IOException {
    awaitChanges(begin());
    List<DiskWatch.Change> taken = watch.take(owner().limitTransfer(watch.size()));
    owner().trace("reads changes:", this, taken.size());
    return taken.stream().map(SimulatedWatch::changeOf).toList();
  }

  private static Change changeOf(DiskWatch.Change change) {
    String name = change.name();
    return new Change(
        What.valueOf(change.kind().name()),
        change.watch(),
        name == null ? null : Path.of(name),
        change.cookie());
  }

  private void awaitChanges(Fiber fiber) throws IOException {
    while (watch.isEmpty()) {
      await(fiber, readers, "changes of files");
    }
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    checkOpen();
    return direction == Direction.INPUT && !watch.isEmpty();
  }

  @Override
  public void awaitReady(Direction direction) throws IOException {
    awaitChanges(begin());
  }

  @Override
  public boolean isOrdered() {
    return true;
  }

  @Override
  protected void released() {
    files.disk().watches().close(watch);
    readers.wakeAll();
  }

  @Override
  public String kind() {
    return "file watcher";
  }

  @Override
  protected Object name() {
    return "changes of files";
  }
}
