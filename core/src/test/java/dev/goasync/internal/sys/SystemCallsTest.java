package dev.goasync.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SystemCallsTest {
  private final SystemCalls calls = new SystemCalls();

  @Test
  void returnsResultsAndErrnos() {
    try (Arena arena = Arena.ofConfined()) {
      long none =
          Memory.address(Memory.cString(arena, "/no/such".getBytes(StandardCharsets.UTF_8)));
      assertThat(calls.openat(none, Linux.O_RDONLY, 0)).isEqualTo(-Errno.ENOENT);
      assertThat(calls.close(-1)).isEqualTo(-Errno.EBADF);
      long zero =
          Memory.address(Memory.cString(arena, "/dev/zero".getBytes(StandardCharsets.UTF_8)));
      int fd = calls.openat(zero, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
      MemorySegment target = arena.allocate(16, Long.BYTES).fill((byte) 1);
      assertThat(calls.read(fd, target.address(), 16, Linux.AT_POSITION)).isEqualTo(16);
      assertThat(target.get(java.lang.foreign.ValueLayout.JAVA_LONG, 8)).isZero();
      assertThat(calls.close(fd)).isZero();
    }
  }

  @Test
  void countsEvents() {
    int event = calls.eventfd();
    calls.signalEvent(event);
    assertThat(calls.poll(event, Linux.POLLIN, event, Long.MAX_VALUE)).isEqualTo(2);
    assertThat(calls.wasReady(1)).isTrue();
    assertThat(calls.resetEvent(event)).isEqualTo(8);
    calls.close(event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "255.1.2.3", "::1", "2001:db8::7", "fe80::1%3", "::"})
  void addressesSurviveTheRoundTrip(String literal) throws Exception {
    InetAddress address = InetAddress.ofLiteral(literal);
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer encoded = Memory.allocate(arena, SocketAddresses.MAX_BYTES);
      int length = SocketAddresses.encode(new InetSocketAddress(address, 65_535), encoded);
      assertThat(length).isEqualTo(address instanceof Inet6Address ? 28 : 16);
      var decoded = (InetSocketAddress) SocketAddresses.decode(encoded, 0, length);
      assertThat(decoded).isEqualTo(new InetSocketAddress(address, 65_535));
      if (address instanceof Inet6Address v6) {
        assertThat(((Inet6Address) decoded.getAddress()).getScopeId()).isEqualTo(v6.getScopeId());
      }
    }
  }

  @Test
  void mappedAddressesDecodeToIpv4() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    mapped[12] = 127;
    mapped[15] = 1;
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer encoded = Memory.allocate(arena, SocketAddresses.MAX_BYTES);
      InetAddress address = Inet6Address.getByAddress(null, mapped, -1);
      int length = SocketAddresses.encode(new InetSocketAddress(address, 80), encoded);
      assertThat(SocketAddresses.decode(encoded, 0, length))
          .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 80));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/run/socket", "relative", "@a name", "@", "@grüße"})
  void unixAddressesSurviveTheRoundTrip(String name) throws Exception {
    SocketAddress address =
        name.startsWith("@")
            ? AbstractAddress.of(name.substring(1))
            : UnixDomainSocketAddress.of(name);
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer encoded = Memory.allocate(arena, SocketAddresses.MAX_BYTES);
      int length = SocketAddresses.encode(address, encoded);
      assertThat(SocketAddresses.decode(encoded, 0, length)).isEqualTo(address).hasToString(name);
    }
  }

  @ParameterizedTest
  @CsvSource({"2", "17", "13", "21", "28", "24"})
  void fileErrorsNameThePath(int errno) {
    FileSystemException error = IoErrors.ofFile(errno, "/some/path");
    assertThat(error).hasMessageContaining("/some/path");
    Class<?> expected =
        switch (errno) {
          case Errno.ENOENT -> NoSuchFileException.class;
          case Errno.EEXIST -> FileAlreadyExistsException.class;
          case Errno.EACCES -> AccessDeniedException.class;
          default -> FileSystemException.class;
        };
    assertThat(error).isExactlyInstanceOf(expected);
  }

  @Test
  void socketErrorsHaveTheTypesOfTheJdk() {
    check(IoErrors.ofConnect(Errno.ECONNREFUSED, "/1.2.3.4:5"), ConnectException.class);
    check(IoErrors.ofConnect(Errno.ETIMEDOUT, "/1.2.3.4:5"), ConnectException.class);
    check(IoErrors.ofConnect(Errno.EHOSTUNREACH, "/1.2.3.4:5"), NoRouteToHostException.class);
    check(IoErrors.ofBind(Errno.EADDRINUSE, "/1.2.3.4:5"), BindException.class);
    check(IoErrors.ofSocket(Errno.ECONNRESET, "/1.2.3.4:5"), SocketException.class);
    assertThat(IoErrors.ofSocket(Errno.ECONNRESET, "x")).hasMessage("Connection reset: x");
    assertThat(Errno.describe(4711)).isEqualTo("errno 4711");
  }

  private static void check(IOException error, Class<? extends IOException> expected) {
    assertThat(error).isExactlyInstanceOf(expected).hasMessageContaining("/1.2.3.4:5");
  }
}
