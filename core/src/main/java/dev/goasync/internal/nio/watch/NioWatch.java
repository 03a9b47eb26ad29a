package dev.goasync.internal.nio.watch;

import dev.goasync.internal.loop.FutureWait;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.platform.WatchHandle;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Watches directories with the JDK's watch service; a thread per watch waits for changes. */
public final class NioWatch implements WatchHandle {
  /** The maximum number of queued changes; inotify has the same default. */
  private static final int MAX_QUEUED = 16_384;

  private final WatchService service;

  // Guarded by this.
  private final Map<WatchKey, Integer> watches = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private int count;
  private boolean closed;

  /** Completed and replaced when there are changes. */
  private CompletableFuture<@Nullable Void> nextChange = new CompletableFuture<>();

  private NioWatch(WatchService service) {
    this.service = service;
  }

  public static NioWatch open() throws IOException {
    NioWatch watch = new NioWatch(FileSystems.getDefault().newWatchService());
    Thread.ofPlatform().daemon().name("goasync-watch").start(watch::collect);
    return watch;
  }

  private void collect() {
    try {
      while (true) {
        WatchKey key = service.take();
        add(key, key.pollEvents(), key.reset());
      }
    } catch (ClosedWatchServiceException | InterruptedException closedOrEnding) {
      // there is no reader any more
    }
  }

  private void add(WatchKey key, List<WatchEvent<?>> events, boolean valid) {
    CompletableFuture<@Nullable Void> signal;
    synchronized (this) {
      Integer watch = watches.get(key);
      if (watch == null) {
        return;
      }
      for (WatchEvent<?> event : events) {
        Path name = event.context() instanceof Path entry ? entry : null;
        enqueue(new Change(what(event.kind()), watch, name, 0));
      }
      if (!valid) {
        watches.remove(key);
        changes.add(new Change(What.DIRECTORY_DELETED, watch, null, 0));
      }
      signal = nextChange;
      nextChange = new CompletableFuture<>();
    }
    signal.complete(null);
  }

  /** Queues a change, or one overflow if the queue is full. */
  private void enqueue(Change change) {
    if (changes.size() < MAX_QUEUED) {
      changes.add(change);
    } else if (changes.getLast().what() != What.OVERFLOW) {
      changes.add(new Change(What.OVERFLOW, 0, null, 0));
    }
  }

  private static What what(WatchEvent.Kind<?> kind) {
    if (kind == StandardWatchEventKinds.ENTRY_CREATE) {
      return What.CREATED;
    }
    if (kind == StandardWatchEventKinds.ENTRY_DELETE) {
      return What.DELETED;
    }
    return kind == StandardWatchEventKinds.ENTRY_MODIFY ? What.MODIFIED : What.OVERFLOW;
  }

  @Override
  public int add(Path directory, boolean mayBeLink) throws IOException {
    if (!mayBeLink && Files.isSymbolicLink(directory)) {
      throw new NotDirectoryException(directory.toString());
    }
    WatchKey key;
    try {
      Files.readAttributes(directory, BasicFileAttributes.class);
      synchronized (this) { // a change of the new watch must find it in the map
        key =
            directory.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_DELETE,
                StandardWatchEventKinds.ENTRY_MODIFY);
        return watches.computeIfAbsent(key, _ -> ++count);
      }
    } catch (ClosedWatchServiceException alreadyClosed) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public synchronized void remove(int watch) {
    for (Map.Entry<WatchKey, Integer> entry : List.copyOf(watches.entrySet())) {
      if (entry.getValue() == watch) {
        watches.remove(entry.getKey());
        entry.getKey().cancel();
      }
    }
  }

  @Override
  public List<Change> read() throws IOException {
    while (true) {
      awaitReady(Direction.INPUT);
      synchronized (this) {
        if (!changes.isEmpty()) {
          List<Change> taken = List.copyOf(changes);
          changes.clear();
          return taken;
        }
      }
    }
  }

  @Override
  public synchronized boolean isReady(Direction direction) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    return !changes.isEmpty();
  }

  @Override
  public void awaitReady(Direction direction) throws IOException {
    while (true) {
      CompletableFuture<@Nullable Void> next;
      synchronized (this) {
        if (isReady(direction)) {
          return;
        }
        next = nextChange;
      }
      FutureWait.await(next, Poller.FOREVER, "changes of files");
      synchronized (this) {
        if (closed) {
          throw new AsynchronousCloseException();
        }
      }
    }
  }

  /** The JDK's thread and ours pass the changes on. */
  @Override
  public boolean isOrdered() {
    return false;
  }

  @Override
  public void close() throws IOException {
    CompletableFuture<@Nullable Void> signal;
    synchronized (this) {
      closed = true;
      signal = nextChange;
    }
    service.close();
    signal.complete(null);
  }
}
