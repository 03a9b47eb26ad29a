package dev.goasync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import dev.goasync.testkit.NoLeaks;
import dev.goasync.testkit.TestIdentity;
import dev.goasync.testkit.Waiting;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(NoLeaks.class)
final class RuntimeStatisticsTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Test
  void offloadCountsItsThreadsAndCalls() throws Exception {
    try (EventLoop loop = EventLoop.start()) {
      RuntimeStatistics.Pool before = RuntimeStatistics.now().offload();
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      Task<?> call =
          loop.goAsync(() ->
              GoAsync.offload(() -> {
                begun.countDown();
                end.await();
              }));
      begun.await();
      RuntimeStatistics.Pool during = RuntimeStatistics.now().offload();
      end.countDown();
      call.await();
      assertThat(during.busy()).isEqualTo(before.busy() + 1);
      assertThat(during.threads()).isBetween(1, during.maxThreads());
      Waiting.until(() -> RuntimeStatistics.now().offload().completed() == before.completed() + 1);
    }
  }

  @Test
  void handshakesAreCountedByTheirEnd() throws Exception {
    TestIdentity identity = TestIdentity.of("localhost", "127.0.0.1");
    RuntimeStatistics before = RuntimeStatistics.now();
    try (Server server =
        Server.with()
            .onFailure(_ -> {})
            .listen(LOOPBACK, TlsStream.handler(identity.context(), tls -> tls.shutdownOutput()))) {
      try (AsyncSocket socket = AsyncSocket.connect("127.0.0.1", server.port());
          TlsStream tls =
              TlsStream.client(socket, identity.trustingContext(), "localhost", server.port())) {
        tls.handshake();
      }
      RuntimeStatistics good = RuntimeStatistics.now();
      assertThat(good.handshakes()).isBetween(before.handshakes() + 1, before.handshakes() + 2);
      assertThat(good.handshakeTime()).isGreaterThan(before.handshakeTime());
      assertThat(good.failedHandshakes()).isEqualTo(before.failedHandshakes());

      TestIdentity unknown = TestIdentity.of("unknown");
      try (AsyncSocket socket = AsyncSocket.connect("127.0.0.1", server.port());
          TlsStream tls =
              TlsStream.client(socket, unknown.trustingContext(), "localhost", server.port())) {
        assertThatThrownBy(tls::handshake).isInstanceOf(IOException.class);
      }
      assertThat(RuntimeStatistics.now().failedHandshakes())
          .isGreaterThan(before.failedHandshakes());
    }
  }

  @Test
  void processesAreOpenUntilTheyAreClosed() throws Exception {
    RuntimeStatistics before = RuntimeStatistics.now();
    AsyncProcess process = Command.of("cat").start();
    RuntimeStatistics during = RuntimeStatistics.now();
    process.close();
    process.close();
    assertThat(during.processesStarted()).isEqualTo(before.processesStarted() + 1);
    assertThat(during.processesOpen()).isEqualTo(before.processesOpen() + 1);
    assertThat(RuntimeStatistics.now().processesOpen()).isEqualTo(before.processesOpen());
  }
}
