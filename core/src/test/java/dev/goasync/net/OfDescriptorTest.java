package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Descriptors;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.file.AsyncFile;
import dev.goasync.internal.sys.Abi;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SocketAddresses;
import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.testkit.Fifo;
import dev.goasync.testkit.SocketPair;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels made of descriptors that other code has opened. */
@Conformance
final class OfDescriptorTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int NONE = 1_000_000;

  private final SystemCalls calls = new SystemCalls();

  @TempDir Path dir;

  private interface TakeOver {
    Channel take(int number) throws IOException;
  }

  /** All ofDescriptor methods, by the name of the class. */
  private static final Map<String, TakeOver> ALL = new LinkedHashMap<>();

  static {
    ALL.put("AsyncFile", AsyncFile::ofDescriptor);
    ALL.put("AsyncSocket", AsyncSocket::ofDescriptor);
    ALL.put("AsyncServerSocket", AsyncServerSocket::ofDescriptor);
    ALL.put("AsyncUnixSocket", AsyncUnixSocket::ofDescriptor);
    ALL.put("AsyncUnixServerSocket", AsyncUnixServerSocket::ofDescriptor);
  }

  private static void needsDescriptors() {
    Differences.assumeNone(Differences.ofDescriptors());
  }

  /** Duplicates the descriptor; the library does not know the new number. */
  private int numberOf(Channel channel) throws IOException {
    try (SocketPair pair = SocketPair.in(dir)) {
      pair.here().sendDescriptors(ByteBuffer.allocate(1), channel);
      List<PassedDescriptor> passed = new ArrayList<>();
      pair.there().receiveDescriptors(ByteBuffer.allocate(1), passed);
      return passed.getFirst().number();
    }
  }

  private int open(Path path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] name = path.toString().getBytes(StandardCharsets.US_ASCII);
      int fd = calls.openat(Memory.address(Memory.cString(arena, name)), flags, 0600);
      assertThat(fd).isNotNegative();
      return fd;
    }
  }

  @ParameterizedTest
  @EnumSource
  void fileIsReadAndWrittenAsItWasOpened(Caller caller) throws Exception {
    needsDescriptors();
    Path path = Files.writeString(dir.resolve("file"), "one\ntwo\n");
    caller.run(() -> {
      int number = open(path, Linux.O_RDONLY);
      assertThat(Descriptors.isClosedOnExec(number)).isFalse();
      try (AsyncFile file = AsyncFile.ofDescriptor(number)) {
        assertThat(file).hasToString("AsyncFile[" + path + "]");
        assertThat(Descriptors.isClosedOnExec(number)).isTrue();
        assertThat(file.readLine()).isEqualTo("one");
        assertThatThrownBy(() -> file.writeAll("x"))
            .isInstanceOf(NonWritableChannelException.class);
      }
      try (AsyncFile file = AsyncFile.ofDescriptor(open(path, Linux.O_WRONLY | Linux.O_APPEND))) {
        file.position(0);
        file.writeAll("three\n");
        assertThat(file.position()).isEqualTo(file.size());
        assertThatThrownBy(file::readLine).isInstanceOf(NonReadableChannelException.class);
      }
      try (AsyncFile file = AsyncFile.ofDescriptor(open(path, Linux.O_RDWR))) {
        file.writeAll("ONE");
        assertThat(file.position(0).readAll()).isEqualTo("ONE\ntwo\nthree\n");
      }
    });
  }

  /** The previous owner may have set O_NONBLOCK. */
  @ParameterizedTest
  @EnumSource
  void readWaitsForAPipe(Caller caller) throws Exception {
    needsDescriptors();
    Path path = Fifo.make(dir.resolve("fifo"));
    caller.run(() -> {
      int number = open(path, Linux.O_RDWR | Linux.O_NONBLOCK);
      try (AsyncFile pipe = AsyncFile.ofDescriptor(number);
          AsyncFile writer = AsyncFile.open(path, StandardOpenOption.WRITE)) {
        Task<?> reader = caller.beside(() -> assertThat(pipe.readLine()).isEqualTo("text"));
        if (caller == Caller.THREAD) {
          Waiting.untilThreadsWait(1);
        } else {
          Waiting.forATurn();
        }
        writer.writeAll("text\n");
        Caller.finish(reader);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void socketsOfDescriptorsWork(Caller caller) throws Exception {
    needsDescriptors();
    Path path = dir.resolve("socket");
    caller.run(() -> {
      try (var original = AsyncServerSocket.listen(LOOPBACK);
          var taken = AsyncServerSocket.ofDescriptor(numberOf(original));
          var client = AsyncSocket.connect(taken.localAddress());
          var accepted = taken.accept();
          var copy = AsyncSocket.ofDescriptor(numberOf(accepted))) {
        assertThat(copy).hasToString("AsyncSocket[" + client.localAddress() + "]");
        assertThat(copy.localAddress()).isEqualTo(original.localAddress());
        Task<?> answer = caller.beside(() -> copy.writeAll(copy.readLine() + "?\n"));
        client.writeAll("question\n");
        assertThat(client.readLine()).isEqualTo("question?");
        Caller.finish(answer);
      }
      try (var original = AsyncUnixServerSocket.listen(path)) {
        try (var taken = AsyncUnixServerSocket.ofDescriptor(numberOf(original))) {
          assertThat(taken.localAddress()).isEqualTo(original.localAddress());
        }
        assertThat(path).as("the file of a shared listener").exists();
        try (var client = AsyncUnixSocket.connect(path);
            var accepted = original.accept();
            var copy = AsyncUnixSocket.ofDescriptor(numberOf(accepted))) {
          copy.writeAll("hello\n");
          assertThat(client.readLine()).isEqualTo("hello");
          assertThat(copy.toString()).startsWith("AsyncUnixSocket[descriptor ");
        }
      }
      Files.delete(path);
    });
  }

  /** A listener in blocking mode, whose accept would block without a client. */
  private int listening() throws IOException {
    int number = calls.socket(Linux.AF_INET, Linux.SOCK_STREAM, true);
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer address = Memory.allocate(arena, SocketAddresses.MAX_BYTES);
      int length = SocketAddresses.encode(LOOPBACK, address);
      assertThat(calls.bind(number, Memory.address(address), length)).isZero();
    }
    assertThat(calls.listen(number, 10)).isZero();
    return number;
  }

  @ParameterizedTest
  @EnumSource
  void blockingListenerBlocksNoCaller(Caller caller) throws Exception {
    needsDescriptors();
    caller.run(() -> {
      AsyncServerSocket server = AsyncServerSocket.ofDescriptor(listening());
      Task<?> one = caller.beside(() -> server.accept().close());
      Task<?> other = caller.beside(() -> server.accept().close());
      if (caller == Caller.THREAD) {
        Waiting.untilThreadsWait(2); // one connection wakes both
      } else {
        Waiting.forATurn();
      }
      try (server;
          var client = AsyncSocket.connect(server.localAddress())) {
        assertThat(client.readLine()).isNull();
      }
      Caller.settle(one);
      Caller.settle(other);
      assertThat(List.of(one, other).stream().filter(task -> task.failure() == null)).hasSize(1);
    });
  }

  /** A kind of descriptor and the class that opens it; empty if none does. */
  private record Case(int number, String what, String type) {}

  private List<Case> cases(Channel... open) throws IOException {
    List<Case> cases = new ArrayList<>();
    cases.add(new Case(numberOf(open[0]), "a file, a pipe or a device", "AsyncFile"));
    cases.add(new Case(numberOf(open[1]), "a listening TCP socket", "AsyncServerSocket"));
    cases.add(new Case(numberOf(open[2]), "a TCP socket that does not", "AsyncSocket"));
    cases.add(new Case(numberOf(open[3]), "a listening Unix socket", "AsyncUnixServerSocket"));
    cases.add(new Case(numberOf(open[4]), "a Unix socket that does not", "AsyncUnixSocket"));
    cases.add(new Case(open(dir, Abi.O_DIRECTORY), "a directory", ""));
    cases.add(new Case(open(dir, Linux.O_PATH), "opened as a path only", ""));
    cases.add(new Case(calls.eventfd(), "not a file or a socket", ""));
    int datagrams = calls.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM, true);
    cases.add(new Case(datagrams, "a socket other than TCP or a Unix stream socket", ""));
    return cases;
  }

  @ParameterizedTest
  @EnumSource
  void descriptorOfAnotherKindIsRefusedAndStaysOpen(Caller caller) throws Exception {
    needsDescriptors();
    caller.run(() -> {
      try (var file = AsyncFile.open(Files.writeString(dir.resolve("file"), "x"));
          var server = AsyncServerSocket.listen(LOOPBACK);
          var socket = AsyncSocket.connect(server.localAddress());
          var unixServer = AsyncUnixServerSocket.listen(dir.resolve("socket"));
          var unix = AsyncUnixSocket.connect(unixServer.localAddress())) {
        for (Case each : cases(file, server, socket, unixServer, unix)) {
          ALL.forEach((type, takeOver) -> {
            if (!type.equals(each.type)) {
              assertThatThrownBy(() -> takeOver.take(each.number).close())
                  .as("%s as %s", each, type)
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageStartingWith("descriptor " + each.number + " is " + each.what)
                  .hasMessageContaining(
                      each.type.isEmpty() ? " and cannot become" : "; use " + each.type)
                  .hasMessageEndingWith(" " + type);
            }
          });
          assertThat(calls.close(each.number)).as("%s is open", each).isZero();
        }
        Files.delete(dir.resolve("socket")); // the listener treats it as shared
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void closedAndUnconnectedDescriptorsAreRefused(Caller caller) throws Exception {
    needsDescriptors();
    caller.run(() -> {
      for (TakeOver each : ALL.values()) {
        assertThatThrownBy(() -> each.take(-1).close())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("fd is negative: -1");
        assertThatThrownBy(() -> each.take(NONE).close())
            .isInstanceOf(IOException.class)
            .hasMessage("descriptor " + NONE + " cannot be used: Bad file descriptor");
      }
      for (int family : new int[] {Linux.AF_INET, Linux.AF_UNIX}) {
        int number = calls.socket(family, Linux.SOCK_STREAM, true);
        TakeOver takeOver =
            family == Linux.AF_INET ? AsyncSocket::ofDescriptor : AsyncUnixSocket::ofDescriptor;
        assertThatThrownBy(() -> takeOver.take(number).close())
            .isInstanceOf(SocketException.class)
            .hasMessage("Not connected: descriptor " + number);
        assertThat(calls.close(number)).isZero();
      }
    });
  }

  @Test
  void backendWithoutDescriptorsThrowsUnsupported() throws Exception {
    if (Differences.ofDescriptors() == null) {
      return; // the remaining tests cover it
    }
    for (TakeOver each : ALL.values()) {
      assertThatThrownBy(() -> each.take(3).close())
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage(
              "the nio backend cannot take ownership of descriptors, since the JDK has no such"
                  + " call; use a Linux backend");
    }
    try (SocketPair pair = SocketPair.in(dir)) {
      assertThatThrownBy(() -> pair.here().sendDescriptors(ByteBuffer.allocate(1), pair.there()))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("cannot pass descriptors");
      assertThatThrownBy(
              () -> pair.here().receiveDescriptors(ByteBuffer.allocate(1), new ArrayList<>()))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("cannot receive descriptors");
    }
  }
}
