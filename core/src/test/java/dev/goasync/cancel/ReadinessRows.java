package dev.goasync.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.io.Readiness;
import dev.goasync.net.AsyncSocket;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Select;
import dev.goasync.system.PollHandle;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits for sockets that take nothing, by themselves and in a select. */
final class ReadinessRows {
  private ReadinessRows() {}

  static void addTo(BiConsumer<String, Function<Path, CancelRow>> table) {
    table.accept("readable", dir -> new SocketReadable());
    table.accept("writable", dir -> new Writable());
    table.accept("acceptable", dir -> new Acceptable());
    table.accept("onReady", dir -> new OnReady());
    table.accept("readable, of a channel of the JDK", dir -> new ChannelReadable());
  }

  private static class SocketReadable extends SocketRows.ConnectedRow {
    @Override
    @Nullable Object run() throws Exception {
      here().readable().await();
      return "ready";
    }

    @Override
    void release() throws Exception {
      there().writeAll("line\n");
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      Readiness bytes = here().readable();
      if (!released) {
        assertThat(bytes.isReady()).isFalse();
        release();
      }
      bytes.await();
      assertThat(bytes.isReady()).isTrue();
      assertThat(here().readLine()).isEqualTo("line");
      assertThat(bytes.isReady()).isFalse();
      SocketRows.talk(here(), there());
    }
  }

  private static final class Writable extends SocketRows.FullRow {
    @Override
    Object run() throws Exception {
      here().writable().await();
      return "ready";
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      release();
      run();
      assertThat(here().writable().isReady()).isTrue();
      SocketRows.talk(here(), there());
    }
  }

  private static final class Acceptable extends SocketRows.ServerRow {
    private @Nullable AsyncSocket client;

    @Override
    Object run() throws Exception {
      server().acceptable().await();
      return "ready";
    }

    @Override
    void release() throws Exception {
      client = connect();
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      Readiness connection = server().acceptable();
      if (!released) {
        assertThat(connection.isReady()).isFalse();
        release();
      }
      connection.await();
      assertThat(connection.isReady()).isTrue();
      AsyncSocket there = closing(server().accept());
      assertThat(connection.isReady()).isFalse();
      SocketRows.talk(Objects.requireNonNull(client), there);
    }
  }

  /** The select's other case never happens. */
  private static final class OnReady extends SocketReadable {
    private final Channel<String> silent = Channel.rendezvous();
    private int happened;

    @Override
    @Nullable Object run() {
      Select.first()
          .onReady(here().readable(), () -> happened++)
          .onReceive(silent, value -> assertThat(value).isNull())
          .run();
      return "ready";
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(happened).isEqualTo(result == null ? 0 : 1);
      assertThat(silent.statistics().waitingReceivers()).isZero();
      super.check(result, released);
      release();
      run();
      assertThat(here().readLine()).isEqualTo("line");
    }
  }

  private static final class ChannelReadable extends CancelRow {
    private @Nullable Pipe pipe;
    private @Nullable PollHandle handle;

    private Pipe pipe() {
      return Objects.requireNonNull(pipe);
    }

    private Readiness bytes() {
      return Objects.requireNonNull(handle).readable();
    }

    @Override
    void open() throws Exception {
      pipe = Pipe.open();
      pipe.source().configureBlocking(false);
      handle = PollHandle.ofChannel(pipe.source());
    }

    @Override
    Object run() throws Exception {
      bytes().await();
      return "ready";
    }

    @Override
    void release() throws Exception {
      pipe().sink().write(ByteBuffer.allocate(1));
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(bytes().isReady()).isEqualTo(released);
      if (!released) {
        release();
      }
      bytes().await();
      assertThat(pipe().source().read(ByteBuffer.allocate(2))).isEqualTo(1);
      assertThat(bytes().isReady()).isFalse();
    }

    @Override
    void close() throws Exception {
      if (handle != null) {
        handle.close();
      }
      pipe().source().close();
      pipe().sink().close();
    }
  }
}
