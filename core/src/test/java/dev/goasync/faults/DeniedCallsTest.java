package dev.goasync.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.Caller;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.sys.Faults;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.testkit.NoLeaks;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that fail each time: an old kernel lacks them, or an old seccomp profile denies them. */
@Tag("faults")
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class DeniedCallsTest {
  @ParameterizedTest
  @EnumSource(names = {"ENOSYS", "EPERM"})
  void aLoopWaitsInMillisecondsWithoutEpollPwait2(Fault fault) {
    assumeTrue(
        "epoll".equals(System.getProperty(Backends.PROPERTY)), "only epoll uses epoll_pwait2");
    AtomicInteger denied = new AtomicInteger();
    Faults.setPlan((site, number, length) -> {
      if (!FaultTable.nameOf(site, number).equals("epoll_pwait2")) {
        return Faults.NONE;
      }
      denied.incrementAndGet();
      return -fault.errno;
    });
    try (EventLoop loop = EventLoop.onCurrentThread()) {
      loop.goAsync(
              () -> {
                try (AsyncServerSocket server = AsyncServerSocket.listen(0)) {
                  Task<?> accepting = GoAsync.goAsync(() -> server.accept());
                  for (int i = 0; i < 10; i++) {
                    GoAsync.sleep(Duration.ofMillis(1)); // beside the wait for a connection
                  }
                  accepting.cancel("measured");
                  Caller.settle(accepting);
                }
              })
          .await();
    } finally {
      Faults.setPlan(null);
    }
    assertThat(denied).as("calls, of which the first one says it").hasValue(1);
  }
}
