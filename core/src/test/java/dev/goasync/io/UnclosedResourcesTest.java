package dev.goasync.io;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.system.AsyncPipe;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.LongRunning;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files and sockets that become unreachable without a close are closed, with a warning. */
@Timeout(120)
@LongRunning
final class UnclosedResourcesTest {
  /** What the JDK opens meanwhile, at most; fewer than half of what is dropped. */
  private static final int DESCRIPTORS_OF_JDK = 15;

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Without the jars, which the JDK opens when it looks for a class or a service. */
  private static long openDescriptors() throws IOException {
    try (Stream<Path> entries = Files.list(DESCRIPTORS)) {
      return entries.filter(entry -> !isJar(entry)).count();
    }
  }

  private static boolean isJar(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().endsWith(".jar");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  /** Counts the reports on the standard error stream, and passes them on. */
  private static final class Reports extends PrintStream {
    private final AtomicInteger count = new AtomicInteger();

    Reports() {
      super(System.err, true, StandardCharsets.UTF_8);
    }

    /** The stream is set before the first report: a log handler keeps the stream that it finds. */
    static Reports counted() {
      Reports reports = new Reports();
      System.setErr(reports);
      return reports;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      super.write(bytes, from, length);
      if (new String(bytes, from, length, StandardCharsets.UTF_8).contains("was never closed")) {
        count.incrementAndGet();
      }
    }

    /** Collects garbage until there were {@code wanted}; otherwise the child's time limit ends. */
    void await(int wanted) {
      while (count.get() < wanted) {
        System.gc();
        Thread.onSpinWait();
      }
    }
  }

  /** On nio the JDK closes a file, without a warning. */
  private static final boolean FILES_ARE_REPORTED = !GoAsync.describe().contains("nio");

  /** More than a loop needs to read, or accept, ahead. */
  private static final int USES = 5;

  static final class Leaking {
    public static void main(String[] arguments) throws IOException {
      Reports reports = Reports.counted();
      openAndClose();
      long before = openDescriptors();
      openAndDropFile();
      reports.await(FILES_ARE_REPORTED ? 1 : 0);
      for (int i = 0; i < 10; i++) {
        openAndDrop();
      }
      reports.await(20);
      while (openDescriptors() > before + DESCRIPTORS_OF_JDK) {
        System.gc();
      }
      System.out.println("closed");
    }

    private static void openAndDropFile() throws IOException {
      var _ = AsyncFile.open(Path.of("/proc/self/stat"));
    }

    private static void openAndDrop() throws IOException {
      var _ = AsyncServerSocket.listen(ANY_PORT);
      var _ = AsyncPipe.open();
      goAsync(Leaking::useAndDrop).await();
    }

    /** A loop has waited for these sockets, and so it may have them in its tables. */
    private static void useAndDrop() throws IOException {
      AsyncServerSocket listener = AsyncServerSocket.listen(ANY_PORT);
      for (int i = 0; i < USES; i++) {
        Task<AsyncSocket> connecting = goAsync(() -> AsyncSocket.connect(listener.localAddress()));
        AsyncSocket accepted = listener.accept();
        AsyncSocket connected = connecting.await();
        goAsync(() -> answerEach(connected));
        for (int j = 0; j < USES; j++) {
          accepted.writeAll(new byte[] {1});
          accepted.readExactly(1);
        }
      }
    }

    /** Ends by itself, and keeps the socket reachable for no longer. */
    private static void answerEach(AsyncSocket socket) throws IOException {
      for (int j = 0; j < USES; j++) {
        socket.writeAll(socket.readExactly(1));
      }
    }

    private static void openAndClose() throws IOException {
      AsyncFile.open(Path.of("/proc/self/stat")).close();
      AsyncServerSocket.listen(ANY_PORT).close();
      AsyncPipe.open().close();
    }
  }

  @Test
  void areClosedAndReported() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Leaking.class).assertSuccess();
    assertThat(ended.out()).contains("closed");
    assertThat(ended.err())
        .contains("127.0.0.1")
        .contains("-Dgoasync.trace=true shows where it was opened")
        .contains("Further ones are not logged");
    assertThat(ended.err().split("was never closed", -1)).as("at most 20 warnings").hasSize(21);
    if (FILES_ARE_REPORTED) {
      assertThat(ended.err()).contains("/proc/self/stat was never closed");
    }
  }

  @Test
  void areReportedWithThePlaceOfTheirOpeningIfTraced() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Leaking.class, "-Dgoasync.trace=true").assertSuccess();
    assertThat(ended.err()).contains("it was opened here").contains("Leaking.");
  }

  static final class Closing {
    public static void main(String[] arguments) throws IOException {
      Reports reports = Reports.counted();
      for (int i = 0; i < 10; i++) {
        Leaking.openAndClose();
      }
      openAndDropOne();
      reports.await(2);
    }

    private static void openAndDropOne() throws IOException {
      var _ = AsyncPipe.open();
    }
  }

  @Test
  void areNotReportedAfterAClose() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Closing.class).assertSuccess();
    assertThat(ended.err()).contains("pipe was never closed");
    assertThat(ended.err().split("was never closed", -1)).as("both ends").hasSize(3);
  }

  static final class Waiting {
    public static void main(String[] arguments) throws Exception {
      try (var listener = AsyncServerSocket.listen(ANY_PORT)) {
        Task<Integer> read = goAsync(() -> readEach(listener.localAddress()));
        try (AsyncSocket peer = listener.accept()) {
          for (int i = 1; i <= USES; i++) {
            System.gc();
            goAsync(GoAsync::yield).await();
            peer.writeAll(new byte[] {(byte) i});
          }
          System.out.println("read " + read.await());
        }
      }
    }

    /** The socket is not used after the last call, which waits. */
    private static int readEach(InetSocketAddress address) throws IOException {
      ByteBuffer target = ByteBuffer.allocate(USES);
      AsyncSocket socket = AsyncSocket.connect(address);
      while (target.position() < USES - 1) {
        socket.read(target);
      }
      return socket.read(target) == 1 ? target.get(USES - 1) : -1;
    }
  }

  @Test
  void stayOpenWhileAnOperationWaits() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Waiting.class).assertSuccess();
    assertThat(ended.out()).contains("read 5");
  }
}
