package dev.goasync.cancel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testkit.Waiting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Operations of sockets. */
final class SocketRows {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private SocketRows() {}

  static void addTo(BiConsumer<String, Function<Path, CancelRow>> table) {
    table.accept("connect", dir -> new Connect());
    table.accept("connect to a host that does not answer", dir -> new ConnectUnanswered());
    table.accept("accept", dir -> new Accept());
    table.accept("read a socket", dir -> new Read("line\n", AsyncSocket::read));
    table.accept(
        "read a socket into a direct buffer", dir -> new Read("line\n", SocketRows::readDirect));
    table.accept("readLine", dir -> new Read("line\n", SocketRows::readLine));
    table.accept("readExactly", dir -> new Read("12345", SocketRows::readExactly));
    table.accept("write to a full socket", dir -> new Write(ByteBuffer.allocate(40_000)));
    table.accept(
        "write a direct buffer to a full socket",
        dir -> new Write(ByteBuffer.allocateDirect(40_000)));
    table.accept("shutdownOutput", dir -> new ShutDown());
    table.accept("close a socket", dir -> new Close());
  }

  private interface ReadSome {
    int read(AsyncSocket socket, ByteBuffer target) throws Exception;
  }

  private static int readDirect(AsyncSocket socket, ByteBuffer target) throws Exception {
    ByteBuffer direct = ByteBuffer.allocateDirect(target.remaining());
    int count = socket.read(direct);
    target.put(direct.flip());
    return count;
  }

  private static int readLine(AsyncSocket socket, ByteBuffer target) throws Exception {
    target.put((socket.readLine() + "\n").getBytes(UTF_8));
    return target.position();
  }

  private static int readExactly(AsyncSocket socket, ByteBuffer target) throws Exception {
    target.put(socket.readExactly(5));
    return 5;
  }

  /** A row with a listener. */
  abstract static class ServerRow extends CancelRow {
    private final List<Channel> open = new ArrayList<>();
    private @Nullable AsyncServerSocket server;

    int backlog() {
      return 10;
    }

    AsyncServerSocket server() {
      return Objects.requireNonNull(server);
    }

    <C extends Channel> C closing(C socket) {
      open.add(socket);
      return socket;
    }

    AsyncSocket connect() throws Exception {
      return closing(AsyncSocket.connect(server().localAddress()));
    }

    @Override
    void open() throws Exception {
      server = closing(AsyncServerSocket.listen(LOOPBACK, backlog(), false));
    }

    /** Accepts what is queued until it is the peer of {@code client}. */
    AsyncSocket acceptPeerOf(AsyncSocket client) throws Exception {
      while (true) {
        AsyncSocket accepted = closing(server().accept());
        if (accepted.toString().contains(client.localAddress().toString())) {
          return accepted;
        }
      }
    }

    @Override
    void close() throws Exception {
      for (Channel each : open) {
        each.close();
      }
    }
  }

  static void talk(AsyncSocket here, AsyncSocket there) throws Exception {
    here.writeAll("hello\n");
    assertThat(there.readLine()).isEqualTo("hello");
    there.writeAll("and back\n");
    assertThat(here.readLine()).isEqualTo("and back");
  }

  private static final class Connect extends ServerRow {
    @Override
    Object run() throws Exception {
      return connect();
    }

    @Override
    boolean waits() {
      return false;
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      AsyncSocket client = result == null ? connect() : (AsyncSocket) result;
      talk(client, acceptPeerOf(client));
    }
  }

  private static final class ConnectUnanswered extends ServerRow {
    @Override
    int backlog() {
      return 1; // Linux queues one more
    }

    @Override
    void open() throws Exception {
      super.open();
      connect();
      connect();
    }

    @Override
    Object run() throws Exception {
      return connect();
    }

    @Override
    boolean releases() {
      return false;
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      closing(server().accept());
      closing(server().accept());
      AsyncSocket client = connect();
      talk(client, acceptPeerOf(client));
    }
  }

  private static final class Accept extends ServerRow {
    private @Nullable AsyncSocket client;

    @Override
    Object run() throws Exception {
      return closing(server().accept());
    }

    @Override
    void release() throws Exception {
      client = connect();
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      if (!released) {
        release();
      }
      AsyncSocket there = (AsyncSocket) (result == null ? run() : result);
      talk(Objects.requireNonNull(client), there);
      release();
      talk(Objects.requireNonNull(client), (AsyncSocket) run());
    }
  }

  /** A row with a connection. */
  abstract static class ConnectedRow extends ServerRow {
    private @Nullable AsyncSocket here;
    private @Nullable AsyncSocket there;

    AsyncSocket here() {
      return Objects.requireNonNull(here);
    }

    AsyncSocket there() {
      return Objects.requireNonNull(there);
    }

    @Override
    void open() throws Exception {
      super.open();
      here = connect();
      there = closing(server().accept());
    }
  }

  private static final class Read extends ConnectedRow {
    private final String content;
    private final ReadSome read;
    private final ByteBuffer got = ByteBuffer.allocate(100);

    Read(String content, ReadSome read) {
      this.content = content;
      this.read = read;
    }

    @Override
    Object run() throws Exception {
      return read.read(here(), got);
    }

    @Override
    void release() throws Exception {
      there().writeAll(content);
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(got.position()).isEqualTo(result == null ? 0 : (int) result);
      if (!released) {
        release();
      }
      while (got.position() < content.length()) {
        run();
      }
      assertThat(UTF_8.decode(got.flip()).toString()).isEqualTo(content);
      talk(here(), there());
    }
  }

  /** A row with a connection that takes no more from here. */
  abstract static class FullRow extends ConnectedRow {
    private int inside;

    @Override
    void open() throws Exception {
      super.open();
      here().setOption(StandardSocketOptions.SO_SNDBUF, 8192);
      there().setOption(StandardSocketOptions.SO_RCVBUF, 8192);
      Task<?> filler =
          GoAsync.goAsync(() -> {
            while (true) {
              inside += here().write(ByteBuffer.allocate(5000));
            }
          });
      for (int before = -1; before != inside; ) {
        before = inside;
        Waiting.forATurn();
      }
      filler.cancel("full");
      try {
        filler.await();
      } catch (CancellationException asWanted) {
        // what it wrote is counted
      }
    }

    /** Reads all available bytes, which makes room; the kernel reports that room with a delay. */
    @Override
    void release() throws Exception {
      for (byte each : there().readExactly(inside)) {
        assertThat(each).isZero();
      }
      inside = 0;
    }

    /** Room may come late, by the kernel's own timers; so a cancel without release may be late. */
    @Override
    boolean waits() {
      return false;
    }
  }

  private static final class Write extends FullRow {
    private final ByteBuffer source;

    Write(ByteBuffer source) {
      this.source = source;
    }

    @Override
    void open() throws Exception {
      super.open();
      for (int i = 0; source.hasRemaining(); i++) {
        source.put((byte) (1 + i % 100));
      }
      source.flip();
    }

    @Override
    Object run() throws Exception {
      return here().write(source);
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      int count = result == null ? 0 : (int) result;
      assertThat(source.position()).isEqualTo(count);
      Task<?> rest = GoAsync.goAsync(() -> here().writeAll(source));
      release();
      byte[] got = there().readExactly(source.capacity());
      rest.await();
      for (int i = 0; i < got.length; i++) {
        assertThat(got[i]).as("byte %d", i).isEqualTo((byte) (1 + i % 100));
      }
      talk(here(), there());
    }
  }

  private static final class ShutDown extends ConnectedRow {
    @Override
    Object run() throws Exception {
      here().shutdownOutput();
      return "shut";
    }

    @Override
    boolean cancellable() {
      return false;
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      if (result == null) {
        run();
      }
      assertThat(there().readAll()).isEmpty();
      there().writeAll("in the opposite direction\n");
      assertThat(here().readLine()).isEqualTo("in the opposite direction");
    }
  }

  private static final class Close extends ConnectedRow {
    @Override
    Object run() throws Exception {
      here().close();
      return "closed";
    }

    @Override
    boolean cancellable() {
      return false;
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(here().isOpen()).isEqualTo(result == null);
      run();
      assertThat(there().readAll()).isEmpty();
    }
  }
}
