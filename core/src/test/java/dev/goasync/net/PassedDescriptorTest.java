package dev.goasync.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Descriptors;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.file.AsyncFile;
import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.testkit.SocketPair;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Conformance
@SuppressWarnings("try") // closing early is what is tested
final class PassedDescriptorTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path dir;

  @BeforeEach
  void needsDescriptors() {
    Differences.assumeNone(Differences.ofDescriptors());
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private AsyncFile file(String content) throws IOException {
    return AsyncFile.open(Files.writeString(dir.resolve("file"), content));
  }

  /** Sends them with one byte and receives them. */
  private static List<PassedDescriptor> pass(SocketPair pair, Channel... open) throws IOException {
    pair.here().sendDescriptors(bytes("x"), open);
    List<PassedDescriptor> passed = new ArrayList<>();
    assertThat(pair.there().receiveDescriptors(ByteBuffer.allocate(9), passed)).isEqualTo(1);
    assertThat(passed).hasSize(open.length);
    return passed;
  }

  @ParameterizedTest
  @EnumSource
  void passedFileKeepsItsPosition(Caller caller) throws Exception {
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir)) {
        PassedDescriptor passed;
        try (AsyncFile file = file("one\ntwo\n")) {
          file.read(ByteBuffer.allocate(4));
          passed = pass(pair, file).getFirst();
        }
        assertThat(Descriptors.isClosedOnExec(passed.number())).isTrue();
        try (AsyncFile taken = passed.open(AsyncFile::ofDescriptor)) {
          assertThat(taken.readLine()).isEqualTo("two");
          assertThat(taken.path()).isEqualTo(dir.resolve("file"));
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void passedConnectionsWork(Caller caller) throws Exception {
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          var server = AsyncServerSocket.listen(LOOPBACK);
          var client = AsyncSocket.connect(server.localAddress());
          var unix = SocketPair.in(dir)) {
        List<PassedDescriptor> passed;
        try (AsyncSocket accepted = server.accept()) {
          accepted.writeAll("before\n");
          client.writeAll("kept\n");
          accepted.readable().await();
          passed = pass(pair, accepted, unix.there());
        }
        unix.there().close();
        try (AsyncSocket taken = passed.getFirst().toSocket();
            AsyncUnixSocket takenUnix = passed.getLast().toUnixSocket()) {
          assertThat(taken.remoteAddress()).isEqualTo(client.localAddress());
          assertThat(taken.readLine()).isEqualTo("kept");
          Task<?> answer = caller.beside(() -> taken.writeAll(taken.readLine() + "?\n"));
          assertThat(client.readLine()).isEqualTo("before");
          client.writeAll("question\n");
          assertThat(client.readLine()).isEqualTo("question?");
          Caller.finish(answer);
          takenUnix.writeAll("unix\n");
          assertThat(unix.here().readLine()).isEqualTo("unix");
        }
        assertThat(client.readLine()).isNull();
        assertThat(unix.here().readLine()).isNull();
      }
    });
  }

  @ParameterizedTest
  @CsvSource({"THREAD, false", "THREAD, true", "COROUTINE, false", "COROUTINE, true"})
  void twoSocketsAcceptAtOneListener(Caller caller, boolean nonBlocking) throws Exception {
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          var server = AsyncServerSocket.listen(LOOPBACK);
          var passed = pass(pair, server).getFirst();
          var taken = passed.toServerSocket()) {
        assertThat(taken.localAddress()).isEqualTo(server.localAddress());
        if (nonBlocking) { // as another process that shares it may have set
          new SystemCalls().setNonBlocking(passed.number(), true);
        }
        Task<?> here = caller.beside(() -> server.accept().close());
        Task<?> there = caller.beside(() -> taken.accept().close());
        try (var one = AsyncSocket.connect(server.localAddress());
            var other = AsyncSocket.connect(server.localAddress())) {
          assertThat(one.readLine()).isNull();
          assertThat(other.readLine()).isNull();
        }
        Caller.finish(here);
        Caller.finish(there);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void passedListenerGoesOnAfterTheSenderClosesIt(Caller caller) throws Exception {
    Path path = dir.resolve("listener");
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir)) {
        List<PassedDescriptor> passed;
        Task<?> acceptor;
        try (var tcp = AsyncServerSocket.listen(LOOPBACK);
            var unix = AsyncUnixServerSocket.listen(path)) {
          passed = pass(pair, tcp, unix);
          acceptor = caller.beside(tcp::accept);
          if (caller == Caller.THREAD) {
            Waiting.untilThreadsWait(1);
          } else {
            Waiting.forATurn();
          }
        }
        assertThatThrownBy(() -> Caller.finish(acceptor))
            .isInstanceOf(AsynchronousCloseException.class);
        try (var tcp = passed.getFirst().toServerSocket();
            var unix = passed.getLast().toUnixServerSocket();
            var client = AsyncSocket.connect(tcp.localAddress());
            var accepted = tcp.accept();
            var unixClient = AsyncUnixSocket.connect(path);
            var unixAccepted = unix.accept()) {
          accepted.writeAll("hello\n");
          assertThat(client.readLine()).isEqualTo("hello");
          unixAccepted.writeAll("hello\n");
          assertThat(unixClient.readLine()).isEqualTo("hello");
        }
      }
      Files.delete(path); // the file of a shared listener stays
    });
  }

  @ParameterizedTest
  @EnumSource
  void maximumNumberOfDescriptorsIsPassed(Caller caller) throws Exception {
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          AsyncFile file = file("x")) {
        Channel[] many = Collections.nCopies(253, file).toArray(Channel[]::new);
        List<PassedDescriptor> passed = pass(pair, many);
        assertThat(passed.stream().map(PassedDescriptor::number).distinct()).hasSize(253);
        for (PassedDescriptor each : passed) {
          each.close();
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void manyBytesAreWrittenAndDescriptorsComeWithTheFirst(Caller caller) throws Exception {
    byte[] much = new byte[1_000_003];
    new Random(5).nextBytes(much);
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          AsyncFile file = file("x")) {
        Task<?> sender =
            caller.beside(() -> {
              ByteBuffer bytes = ByteBuffer.wrap(much);
              pair.here().sendDescriptors(bytes, file);
              assertThat(bytes.hasRemaining()).isFalse();
              pair.here().shutdownOutput();
            });
        List<PassedDescriptor> passed = new ArrayList<>();
        ByteBuffer target = ByteBuffer.allocate(much.length);
        pair.there().receiveDescriptors(target, passed);
        assertThat(passed).hasSize(1);
        passed.getFirst().close();
        while (pair.there().receiveDescriptors(target, passed) > 0) {
          assertThat(passed).hasSize(1);
        }
        assertThat(target.array()).isEqualTo(much);
        assertThat(pair.there().receiveDescriptors(ByteBuffer.allocate(1), passed)).isEqualTo(-1);
        Caller.finish(sender);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void bufferedBytesComeFirstWithoutDescriptors(Caller caller) throws Exception {
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          AsyncFile file = file("x")) {
        pair.here().writeAll("line\nre");
        assertThat(pair.there().readLine()).isEqualTo("line");
        pair.here().writer().writeAll("st"); // not flushed
        pair.here().sendDescriptors(bytes("!"), file);
        pair.here().writer().flush();
        List<PassedDescriptor> passed = new ArrayList<>();
        ByteBuffer target = ByteBuffer.allocate(9);
        assertThat(pair.there().receiveDescriptors(target, passed)).isEqualTo(2);
        assertThat(passed).isEmpty();
        assertThat(pair.there().receiveDescriptors(ByteBuffer.allocate(0), passed)).isZero();
        assertThat(pair.there().receiveDescriptors(target, passed)).isEqualTo(1);
        assertThat(passed).hasSize(1);
        passed.getFirst().close();
        assertThat(pair.there().receiveDescriptors(target, passed)).isEqualTo(2);
        assertThat((Object) UTF_8.decode(target.flip())).hasToString("re!st");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void plainReadsCloseDescriptorsAndKeepAllBytes(Caller caller) throws Exception {
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          AsyncFile file = file("x")) {
        Task<?> reader =
            caller.beside(
                () -> assertThat(pair.there().readExactly(4)).isEqualTo("abcd".getBytes(UTF_8)));
        if (caller == Caller.COROUTINE) {
          Waiting.forATurn();
        }
        pair.here().sendDescriptors(bytes("a"), file); // each ends a receive
        pair.here().sendDescriptors(bytes("b"), file);
        pair.here().sendDescriptors(bytes("c"), file);
        pair.here().writeAll("d");
        Caller.finish(reader);
        pair.here().sendDescriptors(bytes("never read"), file);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void unreceivedDescriptorsAreClosed(Caller caller) throws Exception {
    caller.run(() -> {
      try (var server = AsyncServerSocket.listen(LOOPBACK);
          var client = AsyncSocket.connect(server.localAddress())) {
        try (SocketPair pair = SocketPair.in(dir);
            AsyncSocket accepted = server.accept()) {
          pair.here().sendDescriptors(bytes("x"), accepted);
        }
        assertThat(client.readLine()).isNull();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void responseIsAwaitedAfterADescriptorWasSent(Caller caller) throws Exception {
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          AsyncFile file = file("x")) {
        Task<?> answerer =
            caller.beside(() -> {
              assertThat(pair.there().readLine()).isEqualTo("file?");
              pair.there().sendDescriptors(bytes("y"), file);
            });
        pair.here().writer().writeAll("file?\n");
        List<PassedDescriptor> passed = new ArrayList<>();
        pair.here().receiveDescriptors(ByteBuffer.allocate(9), passed);
        Caller.finish(answerer);
        passed.getFirst().close();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void wrongArgumentsAreRefusedAndNothingIsSent(Caller caller) throws Exception {
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          AsyncFile file = file("x");
          AsyncFile closed = file("x");
          var datagrams = AsyncDatagramSocket.bind(LOOPBACK);
          var foreign = FileChannel.open(dir.resolve("file"))) {
        closed.close();
        Channel[] tooMany = Collections.nCopies(254, file).toArray(Channel[]::new);
        refuse("bytes is empty", () -> pair.here().sendDescriptors(bytes(""), file));
        refuse("in 1..253", () -> pair.here().sendDescriptors(bytes("x")));
        refuse(": 254", () -> pair.here().sendDescriptors(bytes("x"), tooMany));
        refuse("sun.nio.ch", () -> pair.here().sendDescriptors(bytes("x"), file, foreign));
        refuse("Datagram", () -> pair.here().sendDescriptors(bytes("x"), file, datagrams));
        refuse(
            "it is closed: " + dir.resolve("file"),
            () -> pair.here().sendDescriptors(bytes("x"), file, closed, file));
        pair.here().shutdownOutput();
        assertThat(pair.there().readAll()).isEmpty();
        assertThatThrownBy(() -> pair.here().sendDescriptors(bytes("x"), file))
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("shut down");
        pair.here().close();
        assertThatThrownBy(() -> pair.here().sendDescriptors(bytes("x"), file))
            .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.there().sendDescriptors(bytes("x"), file))
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("Broken pipe");
        pair.there().shutdownInput();
        assertThat(pair.there().receiveDescriptors(ByteBuffer.allocate(1), new ArrayList<>()))
            .isEqualTo(-1);
        assertThat(file.readAll()).as("still open").isEqualTo("x");
      }
    });
  }

  private interface Call {
    void run() throws Exception;
  }

  private static void refuse(String message, Call call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @EnumSource
  void descriptorsThatCannotBeAddedAreClosed(Caller caller) throws Exception {
    List<PassedDescriptor> forOne =
        new ArrayList<>() {
          @Override
          public boolean add(PassedDescriptor each) {
            if (!isEmpty()) {
              throw new IllegalStateException("full");
            }
            return super.add(each);
          }
        };
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          AsyncFile file = file("x")) {
        pair.here().sendDescriptors(bytes("bytes"), file, file, file);
        ByteBuffer target = ByteBuffer.allocate(9);
        assertThatThrownBy(() -> pair.there().receiveDescriptors(target, forOne))
            .isInstanceOf(IllegalStateException.class);
        assertThat(target.position()).isEqualTo(5);
        forOne.getFirst().close(); // NoLeaks checks the remaining ones
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void descriptorIsOpenedOnceAndAsItsKind(Caller caller) throws Exception {
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          AsyncFile file = file("x")) {
        PassedDescriptor passed = pass(pair, file).getFirst();
        refuse(
            "descriptor "
                + passed.number()
                + " is a file, a pipe or a device; use AsyncFile in place of AsyncSocket",
            passed::toSocket);
        assertThat(passed).hasToString("PassedDescriptor[" + passed.number() + "]");
        try (AsyncFile taken = passed.open(AsyncFile::ofDescriptor)) {
          assertThatThrownBy(() -> passed.open(AsyncFile::ofDescriptor))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("was opened or closed before");
          passed.close();
          assertThat(taken.readAll()).isEqualTo("x");
          assertThat(passed.toString()).endsWith(", used]");
        }
        PassedDescriptor closed = pass(pair, file).getFirst();
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.open(AsyncFile::ofDescriptor))
            .isInstanceOf(IllegalStateException.class);
      }
    });
  }

  /** The kernel would go on reporting events of the other process. */
  @ParameterizedTest
  @EnumSource
  void passedAndClosedSocketIsNotPolled(Caller caller) throws Exception {
    caller.run(() -> {
      try (SocketPair pair = SocketPair.in(dir);
          var server = AsyncServerSocket.listen(LOOPBACK);
          var client = AsyncSocket.connect(server.localAddress())) {
        Set<Integer> before = Descriptors.numbers("socket:");
        AsyncSocket accepted = server.accept();
        Set<Integer> added = Descriptors.numbers("socket:");
        added.removeAll(before);
        Task<?> writer = caller.beside(() -> client.writeAll("x\n"));
        assertThat(accepted.readLine()).isEqualTo("x");
        Caller.finish(writer);
        PassedDescriptor passed = pass(pair, accepted).getFirst();
        accepted.close();
        if (caller == Caller.COROUTINE) {
          for (int number : added) {
            assertThat(Descriptors.isPolled(number)).isFalse();
          }
        }
        passed.close();
      }
    });
  }
}
