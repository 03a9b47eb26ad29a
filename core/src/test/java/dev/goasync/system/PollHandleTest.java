package dev.goasync.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Descriptors;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.sync.Select;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waits for descriptors that other code has opened: here event counters. */
@Conformance
final class PollHandleTest {
  /** An event counter, by system calls of the test itself. */
  private static final class Counter implements AutoCloseable {
    final int fd;
    private final SystemCalls calls = new SystemCalls();

    Counter() {
      fd = calls.eventfd();
    }

    synchronized void signal() {
      assertThat(calls.signalEvent(fd)).isEqualTo(8);
    }

    synchronized void take() {
      assertThat(calls.resetEvent(fd)).isEqualTo(8);
    }

    synchronized int flags() {
      return calls.getFlags(fd);
    }

    @Override
    public synchronized void close() {
      assertThat(calls.close(fd)).isZero();
    }
  }

  @BeforeEach
  void needsDescriptors() {
    Differences.assumeNone(Differences.ofDescriptors());
  }

  @ParameterizedTest
  @EnumSource
  void awaitsInputAndConsumesNone(Caller caller) throws Exception {
    caller.run(() -> {
      try (Counter counter = new Counter();
          PollHandle handle = PollHandle.ofDescriptor(counter.fd)) {
        int flags = counter.flags();
        assertThat(handle.readable().isReady()).isFalse();
        assertThat(handle.writable().isReady()).isTrue();
        handle.writable().await();
        for (int i = 0; i < 2; i++) {
          Task<?> other = caller.beside(counter::signal);
          handle.readable().await();
          handle.readable().await();
          assertThat(handle.readable().isReady()).isTrue();
          other.await();
          counter.take();
          assertThat(handle.readable().isReady()).isFalse();
        }
        assertThat(counter.flags()).as("blocking mode is unchanged").isEqualTo(flags);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void selectAwaitsTheFirstOfSeveral(Caller caller) throws Exception {
    caller.run(() -> {
      try (Counter one = new Counter();
          Counter other = new Counter();
          PollHandle first = PollHandle.ofDescriptor(one.fd);
          PollHandle second = PollHandle.ofDescriptor(other.fd)) {
        List<String> events = new ArrayList<>();
        Select any =
            Select.first()
                .onReady(first.readable(), () -> events.add("first"))
                .onReady(second.readable(), () -> events.add("second"));
        Task<?> signaller = caller.beside(other::signal);
        any.run();
        signaller.await();
        other.take();
        one.signal();
        any.run();
        assertThat(events).containsExactly("second", "first");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void regularFileIsAlwaysReady(Caller caller) throws Exception {
    caller.run(() -> {
      Path self = Path.of("/proc/self/fd");
      Path file = Files.createTempFile("poll", null);
      try (var channel = Files.newByteChannel(file);
          var links = Files.list(self)) {
        int fd =
            links
                .filter(link -> file.equals(target(link)))
                .mapToInt(link -> Integer.parseInt(String.valueOf(link.getFileName())))
                .findFirst()
                .orElseThrow();
        try (PollHandle handle = PollHandle.ofDescriptor(fd)) {
          handle.readable().await();
          assertThat(handle.writable().isReady()).isTrue();
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.size()).isZero();
      } finally {
        Files.delete(file);
      }
    });
  }

  private static Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException closedMeanwhile) {
      return link;
    }
  }

  @Test
  void closeEndsTheWaitsAndKeepsTheDescriptorOpen() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (Counter counter = new Counter()) {
        PollHandle handle = PollHandle.ofDescriptor(counter.fd);
        Task<?> waiting = GoAsync.goAsync(() -> handle.readable().await());
        Waiting.forATurn();
        handle.close();
        handle.close();
        assertThatThrownBy(() -> Caller.finish(waiting))
            .isInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(() -> handle.readable().isReady())
            .isInstanceOf(ClosedChannelException.class);
        counter.signal();
        try (PollHandle again = PollHandle.ofDescriptor(counter.fd)) {
          again.readable().await();
          assertThat(again).hasToString("PollHandle[descriptor " + counter.fd + "]");
        }
        counter.take();
      }
    });
  }

  @Test
  void loopForgetsAClosedHandle() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (Counter counter = new Counter()) {
        try (PollHandle handle = PollHandle.ofDescriptor(counter.fd)) {
          Task<?> waiting = GoAsync.goAsync(() -> handle.readable().await());
          Waiting.forATurn();
          counter.signal();
          waiting.await();
        }
        counter.signal();
        Waiting.until(() -> {
          GoAsync.offload(() -> {}); // so the loop waits in the kernel
          return !Descriptors.isPolled(counter.fd);
        });
      }
    });
  }

  @Test
  void cancelOrInterruptEndsTheWait() throws Exception {
    try (Counter counter = new Counter();
        PollHandle handle = PollHandle.ofDescriptor(counter.fd)) {
      Caller.COROUTINE.run(() -> {
        Task<?> waiting = GoAsync.goAsync(() -> handle.readable().await());
        Waiting.forATurn();
        waiting.cancel();
        assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
      });
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> handle.readable().await())
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      counter.signal();
      handle.readable().await();
    }
  }

  @ParameterizedTest
  @EnumSource
  void wrongDescriptorsAreRefused(Caller caller) throws Exception {
    caller.run(() -> {
      assertThatThrownBy(() -> PollHandle.ofDescriptor(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("fd is negative: -1");
      assertThatThrownBy(() -> PollHandle.ofDescriptor(1_000_000))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("descriptor 1000000 cannot be polled: Bad file descriptor");
      assertThat(Backends.selected().name()).isNotEqualTo("nio");
    });
  }
}
