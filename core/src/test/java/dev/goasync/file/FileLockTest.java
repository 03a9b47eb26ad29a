package dev.goasync.file;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.testkit.Waiting;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Conformance
final class FileLockTest {
  @TempDir Path dir;
  private Path path = Path.of("");

  @BeforeEach
  void makeFile() throws Exception {
    path = Files.writeString(dir.resolve("file"), "content");
  }

  private AsyncFile open() throws Exception {
    return AsyncFile.open(path, READ, WRITE);
  }

  @ParameterizedTest
  @EnumSource
  void excludesOtherLocksUntilReleased(Caller caller) throws Exception {
    caller.run(() -> {
      try (var mine = open();
          var yours = open()) {
        AsyncFileLock lock = mine.lock();
        assertThat(lock.isValid()).isTrue();
        assertThat(lock.isShared()).isFalse();
        assertThat(lock.position()).isZero();
        assertThat(lock.size()).isEqualTo(Long.MAX_VALUE);
        assertThat(lock)
            .hasToString(
                "AsyncFileLock[" + path + ", " + Long.MAX_VALUE + " bytes from 0, exclusive]");
        assertThat(yours.tryLock()).isNull();
        Task<?> waiter = caller.beside(() -> yours.lock(3, 4, false).release());
        lock.release();
        lock.release();
        assertThat(lock.isValid()).isFalse();
        Caller.finish(waiter);
        assertThat(mine.tryLock(7, 1, false)).isNotNull();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void sharedLocksDoNotConflict(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofLocks());
    caller.run(() -> {
      try (var mine = open();
          var yours = open()) {
        try (var first = Objects.requireNonNull(yours.tryLock(0, 0, true));
            var second = mine.lock(0, 5, true)) {
          assertThat(first.isShared()).isTrue();
          assertThat(first.overlaps(1_000_000, 1)).isTrue();
          assertThat(second.overlaps(5, 1)).isFalse();
          assertThat(second.overlaps(4, 1)).isTrue();
          assertThat(mine.tryLock(7, 1, false)).as("shared by another").isNull();
        }
        assertThat(mine.tryLock(7, 1, false)).isNotNull();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("try") // the test closes the file early
  void rejectsInvalidArgumentsAndConflicts(Caller caller) throws Exception {
    caller.run(() -> {
      try (var file = open();
          var reader = AsyncFile.open(path);
          var writer = AsyncFile.open(path, WRITE)) {
        assertThatThrownBy(() -> file.lock(-1, 1, false))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.tryLock(0, -1, false))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.lock(Long.MAX_VALUE, 1, false))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(reader::lock).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> writer.lock(0, 1, true))
            .isInstanceOf(NonReadableChannelException.class);
        try (var _ = file.lock(2, 3, false)) {
          assertThatThrownBy(() -> file.lock(4, 1, true))
              .isInstanceOf(OverlappingFileLockException.class);
          assertThatThrownBy(file::tryLock).isInstanceOf(OverlappingFileLockException.class);
          file.lock(5, 1, false).close();
        }
        AsyncFileLock open = file.lock();
        file.close();
        assertThat(open.isValid()).isFalse();
        open.close();
        assertThatThrownBy(open::release).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::lock).isInstanceOf(ClosedChannelException.class);
        try (var free = writer.tryLock()) {
          assertThat(free).as("ended with the file").isNotNull();
        }
      }
    });
  }

  /** The lock is awaited and released on the same loop. */
  @Test
  void aCancelledWaitLeavesNoLock() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (var mine = open();
          var yours = open()) {
        AsyncFileLock lock = mine.lock();
        Task<AsyncFileLock> waiter = GoAsync.goAsync(() -> yours.lock());
        Waiting.forATurn();
        waiter.cancel("by the test");
        assertThatThrownBy(waiter::await).isInstanceOf(CancellationException.class);
        lock.release();
        try (var next = yours.tryLock()) {
          assertThat(next).isNotNull();
        }
      }
    });
  }

  @Test
  void aLockIsReleasedInACancelledCoroutine() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (var mine = open();
          var yours = open()) {
        Task<?> holder =
            GoAsync.goAsync(() -> {
              try (var _ = mine.lock()) {
                GoAsync.sleep(java.time.Duration.ofDays(1));
              }
            });
        for (var early = yours.tryLock(); early != null; early = yours.tryLock()) {
          early.release();
          GoAsync.yield();
        }
        holder.cancel("by the test");
        yours.lock().release();
        Caller.settle(holder);
      }
    });
  }

  @Test
  void anInterruptEndsTheWaitOfAThread() throws Exception {
    try (var mine = open();
        var yours = open();
        var _ = mine.lock()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(yours::lock).isInstanceOf(FileLockInterruptionException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(yours.isOpen()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("try") // closing early ends the wait
  void aCloseEndsTheWait(Caller caller) throws Exception {
    try (var mine = open();
        var yours = open();
        var _ = mine.lock()) {
      Task<?> waiter = caller.beside(yours::lock);
      caller.run(yours::close);
      assertThatThrownBy(() -> Caller.finish(waiter))
          .isInstanceOfAny(AsynchronousCloseException.class, ClosedChannelException.class);
    }
  }
}
