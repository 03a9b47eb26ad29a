package dev.goasync.internal.linux.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.GoAsync;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.linux.file.LinuxFile;
import dev.goasync.internal.linux.net.LinuxStream;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sends from the page cache on the loop's thread, and refuses what is not in it. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class SendCachedTest {
  private static final int SIZE = 100_000;

  @TempDir Path dir;

  private interface Body {
    void run(LinuxIo io, LinuxFile file, LinuxStream here, LinuxStream there) throws Exception;
  }

  private void connected(Body body) throws Exception {
    Path path = Files.write(dir.resolve("file"), new byte[SIZE]);
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    GoAsync.goAsync(
            () -> {
              var platform = Backends.platform();
              try (var file = (LinuxFile) platform.openFile(path, Set.of(StandardOpenOption.READ));
                  var listener = platform.listen(loopback, 1, false);
                  var here = (LinuxStream) platform.connect(listener.localAddress(), null);
                  var there = (LinuxStream) listener.accept()) {
                LinuxIo io = LinuxIo.acquire();
                assumeTrue(io instanceof PollerIo, "the nio backend has no descriptors");
                body.run(io, file, here, there);
              }
            })
        .await();
  }

  @Test
  void sendsWhatIsCachedAndLeavesTheSocketsMode() throws Exception {
    connected((io, file, here, there) -> {
      int flags = flags(here);
      long sent = io.sendCached(file.descriptor, 0, here.descriptor, SIZE);
      assumeTrue(sent != -Errno.EOPNOTSUPP, "cachestat is missing or refused on this kernel");
      assertThat(sent).isPositive();
      assertThat(flags(here)).isEqualTo(flags);
      int received = 0;
      ByteBuffer target = ByteBuffer.allocate(SIZE);
      while (received < sent) {
        received += there.read(target);
      }
      assertThat(received).isEqualTo((int) sent);
    });
  }

  @Test
  void refusesWhatIsNotCached() throws Exception {
    connected((io, file, here, there) -> {
      assertThat(io.sendCached(file.descriptor, SIZE - 10, here.descriptor, 2L * SIZE))
          .as("beyond the end nothing is cached")
          .isEqualTo(-Errno.EOPNOTSUPP);
      here.descriptor.markShared();
      assertThat(io.sendCached(file.descriptor, 0, here.descriptor, SIZE))
          .as("another process has the socket, too")
          .isEqualTo(-Errno.EOPNOTSUPP);
    });
  }

  private static int flags(LinuxStream stream) throws IOException {
    return DescriptorCalls.with(stream.descriptor, (calls, fd) -> calls.getFlags(fd))
        & Linux.O_NONBLOCK;
  }
}
