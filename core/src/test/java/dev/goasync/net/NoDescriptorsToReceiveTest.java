package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.file.AsyncFile;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.SocketPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Received descriptors that exceed the limit of the process: all of the message are closed. */
@Conformance
@Timeout(120)
final class NoDescriptorsToReceiveTest {
  private static final int MOST = 100;
  private static final int FREE = 3;
  private static final int PASSED = 5;

  static final class Program extends NoDescriptorsTest.Program {
    public static void main(String[] arguments) throws Exception {
      loadClasses();
      Caller caller = Caller.valueOf(System.getProperty("caller"));
      Path dir = Path.of(System.getProperty("dir"));
      caller.run(() -> scenario(dir, false)); // loads the classes
      caller.run(() -> scenario(dir, true));
      GoAsync.goAsync(() -> System.out.println("went on")).await();
    }

    static void scenario(Path dir, boolean useUp) throws Exception {
      List<PassedDescriptor> passed = new ArrayList<>();
      Path path = Files.writeString(dir.resolve("passed"), "content");
      try (SocketPair pair = SocketPair.in(dir)) {
        try (AsyncFile file = AsyncFile.open(path)) {
          Channel[] many = Collections.nCopies(PASSED, file).toArray(Channel[]::new);
          pair.here().sendDescriptors(ByteBuffer.wrap(new byte[7]), many);
        }
        if (useUp) {
          useUp();
          for (int i = 0; i < FREE; i++) {
            HOGS.removeLast().close();
          }
        }
        ByteBuffer target = ByteBuffer.allocate(9);
        String message = "nothing";
        try {
          pair.there().receiveDescriptors(target, passed);
        } catch (IOException cut) {
          message = cut.getMessage();
        }
        freeAll();
        System.out.println(target.position() + " bytes, " + passed.size() + " passed, " + message);
        for (PassedDescriptor each : passed) {
          each.close();
        }
        pair.here().sendDescriptors(ByteBuffer.wrap(new byte[1]), pair.there());
        pair.there().receiveDescriptors(target, passed);
        passed.getLast().close();
      }
      System.out.println("open: " + dev.goasync.Descriptors.numbers(path.toString()).size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void receivedDescriptorsAreClosedAndTheBytesAreKept(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofDescriptors());
    Path dir = Files.createTempDirectory("passing");
    ChildJvm.Ended ended =
        ChildJvm.runWithDescriptors(MOST, Program.class, "-Dcaller=" + caller, "-Ddir=" + dir);
    Files.delete(dir.resolve("passed"));
    Files.delete(dir);
    List<String> lines = ended.assertSuccess().out().lines().toList();
    assertThat(lines.get(0)).isEqualTo("7 bytes, 5 passed, nothing");
    assertThat(lines.get(2))
        .startsWith("7 bytes, 0 passed, some of the passed descriptors were lost")
        .contains("raise ulimit -n")
        .contains("the 3 received ones were closed");
    assertThat(lines.get(1)).isEqualTo(lines.get(3)).isEqualTo("open: 0");
    assertThat(lines.get(4)).isEqualTo("went on");
  }
}
