package dev.goasync.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testkit.MemoryPipe;
import dev.goasync.testkit.Waiting;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.net.ssl.SSLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Transfers through TLS in both directions, of all sizes, and all kinds of ends. */
@Conformance
@Timeout(30)
@SuppressWarnings("try") // closing early is what is tested
final class TlsStreamTest {
  private static final int TOTAL = 1_000_000;

  @ParameterizedTest
  @CsvSource({"THREAD, TLSv1.3", "COROUTINE, TLSv1.3", "THREAD, TLSv1.2", "COROUTINE, TLSv1.2"})
  void sendsAndReceives(Caller caller, String protocol) throws Exception {
    TlsPair.connected(
        caller,
        TlsPair.version(protocol),
        (client, server) -> {
          assertThat(client.session().getProtocol()).isEqualTo(protocol);
          client.writer().writeAll("gr\u00fc\u00dfe\n");
          client.writer().flush();
          assertThat(server.readLine()).isEqualTo("gr\u00fc\u00dfe");
          server.writeAll("1");
          assertThat(client.readExactly(1)).asString(UTF_8).isEqualTo("1");
          assertThat(client.read(ByteBuffer.allocate(0))).isZero();
          assertThat(client.write(ByteBuffer.allocate(0))).isZero();
          assertThat(client.isOpen()).isTrue();
          assertThat(client).hasToString("TlsStream[" + client.channel() + "]");
        });
  }

  /** Both directions at once, sizes above and below that of a record, heap and direct buffers. */
  @ParameterizedTest
  @CsvSource({"THREAD, TLSv1.3", "COROUTINE, TLSv1.3", "THREAD, TLSv1.2", "COROUTINE, TLSv1.2"})
  void everyByteArrives(Caller caller, String protocol) throws Exception {
    TlsPair.connected(
        caller,
        TlsPair.version(protocol),
        (client, server) -> {
          List<Task<?>> all = new ArrayList<>();
          CRC32[] sums = {new CRC32(), new CRC32(), new CRC32(), new CRC32()};
          all.add(caller.beside(() -> send(client, new Random(1), sums[0])));
          all.add(caller.beside(() -> receive(server, new Random(2), sums[1])));
          all.add(caller.beside(() -> send(server, new Random(3), sums[2])));
          receive(client, new Random(4), sums[3]);
          for (Task<?> each : all) {
            Caller.finish(each);
          }
          assertThat(sums[1].getValue()).isEqualTo(sums[0].getValue());
          assertThat(sums[3].getValue()).isEqualTo(sums[2].getValue());
        });
  }

  private static ByteBuffer buffer(Random random) {
    int size = 1 + random.nextInt(random.nextBoolean() ? 100 : 50_000);
    return random.nextBoolean() ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
  }

  private static void send(TlsStream to, Random random, CRC32 sum) throws IOException {
    for (int sent = 0; sent < TOTAL; ) {
      ByteBuffer[] sources = {buffer(random), buffer(random)};
      for (ByteBuffer source : sources) {
        source.limit(Math.min(source.limit(), TOTAL - sent));
        sent += source.limit();
        for (int i = 0; i < source.limit(); i++) {
          source.put(i, (byte) random.nextInt());
        }
        sum.update(source.duplicate());
      }
      to.writeAll(sources);
    }
  }

  private static void receive(TlsStream from, Random random, CRC32 sum) throws IOException {
    for (int got = 0; got < TOTAL; ) {
      ByteBuffer target = buffer(random);
      target.limit(Math.min(target.limit(), TOTAL - got));
      got += from.read(target);
      sum.update(target.flip());
    }
  }

  @ParameterizedTest
  @EnumSource
  void headerAndBodyShareARecord(Caller caller) throws Exception {
    TlsPair.connected(
        caller,
        TlsPair.version("TLSv1.3"),
        (client, server) -> {
          ByteBuffer[] sources = {
            ByteBuffer.wrap("head:".getBytes(UTF_8)),
            ByteBuffer.allocate(0),
            ByteBuffer.wrap("body".getBytes(UTF_8)).asReadOnlyBuffer()
          };
          assertThat(client.write(sources)).isEqualTo(9);
          assertThat(client.write(sources)).isZero();
          assertThatThrownBy(() -> client.write(sources, 2, 2))
              .isInstanceOf(IndexOutOfBoundsException.class);
          ByteBuffer target = ByteBuffer.allocate(20_000);
          assertThat(server.read(target)).isEqualTo(9);
          assertThat(target.flip()).isEqualTo(ByteBuffer.wrap("head:body".getBytes(UTF_8)));
        });
  }

  /** A channel that is not a socket and transfers few bytes at a time. */
  @ParameterizedTest
  @EnumSource
  void worksOverAnyChannel(Caller caller) throws Exception {
    caller.run(() -> {
      MemoryPipe pipe = new MemoryPipe(700, 3);
      try (var client = TlsStream.client(pipe.here(), TlsPair.CLIENT, "localhost", 1);
          var server = TlsStream.server(pipe.there(), TlsPair.SERVER)) {
        Task<?> answers =
            caller.beside(() -> {
              server.writeAll(server.readExactly(TOTAL));
              server.shutdownOutput();
            });
        byte[] bytes = new byte[TOTAL];
        new Random(5).nextBytes(bytes);
        Task<?> questions =
            caller.beside(() -> {
              client.writeAll(bytes);
              client.shutdownOutput();
            });
        assertThat(client.readAllBytes()).isEqualTo(bytes);
        Caller.finish(questions);
        Caller.finish(answers);
        assertThat(server.readLine()).isNull();
      }
    });
  }

  /** As with a proxy that is itself reached by TLS. */
  @ParameterizedTest
  @EnumSource
  void worksOverTls(Caller caller) throws Exception {
    TlsPair.connected(
        caller,
        TlsPair.version("TLSv1.3"),
        (outerClient, outerServer) -> {
          try (var client = TlsStream.client(outerClient, TlsPair.CLIENT, "localhost", 1);
              var server = TlsStream.server(outerServer, TlsPair.SERVER)) {
            TlsPair.shake(caller, client, server);
            client.writeAll("twice\n");
            assertThat(server.readLine()).isEqualTo("twice");
            client.close();
            assertThat(server.readLine()).isNull();
          }
        });
  }

  @Test
  void nonBlockingChannelIsRefused() throws Exception {
    try (SocketChannel channel = SocketChannel.open()) {
      channel.configureBlocking(false);
      assertThatThrownBy(() -> TlsStream.server(channel, TlsPair.SERVER))
          .isInstanceOf(IllegalBlockingModeException.class);
    }
  }

  @Test
  @SuppressWarnings("NullAway") // null is the wrong argument
  void wrongArgumentsAreRefused() throws Exception {
    ByteChannel channel = new MemoryPipe(1, 1).here();
    for (ThrowingCallable each :
        List.<ThrowingCallable>of(
            () -> TlsStream.client(null, TlsPair.CLIENT, "localhost", 1),
            () -> TlsStream.client(channel, null, "localhost", 1),
            () -> TlsStream.client(channel, TlsPair.CLIENT, null, 1),
            () -> TlsStream.client(channel, TlsPair.CLIENT, "localhost", 1, null),
            () -> TlsStream.server(null, TlsPair.SERVER),
            () -> TlsStream.server(channel, null),
            () -> TlsStream.server(channel, TlsPair.SERVER, null),
            () -> TlsStream.over(null, TlsPair.SERVER.createSSLEngine()),
            () -> TlsStream.over(channel, null),
            () -> TlsStream.handler(null, tls -> {}),
            () -> TlsStream.handler(TlsPair.SERVER, null),
            () -> TlsStream.connect("localhost", 1, null),
            () -> TlsStream.connect(null, 1))) {
      assertThatThrownBy(each).isInstanceOf(NullPointerException.class);
    }
    assertThatThrownBy(() -> TlsStream.connect("localhost", 70_000))
        .isInstanceOf(IllegalArgumentException.class);
    try (var tls = TlsStream.server(channel, TlsPair.SERVER)) {
      assertThatThrownBy(() -> tls.write((ByteBuffer) null))
          .isInstanceOf(NullPointerException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsAfterItsOutputWasShutDown(Caller caller) throws Exception {
    TlsPair.connected(
        caller,
        TlsPair.version("TLSv1.3"),
        (client, server) -> {
          client.writer().writeAll("question");
          client.shutdownOutput();
          client.shutdownOutput();
          assertThat(server.readAll()).isEqualTo("question");
          assertThat(server.readAll()).as("the end is permanent").isEmpty();
          assertThatThrownBy(() -> client.writeAll("more"))
              .isInstanceOf(IOException.class)
              .hasMessageContaining("output was shut down");
          server.writeAll("answer");
          server.shutdownOutput();
          assertThat(client.readAll()).isEqualTo("answer");
        });
  }

  /** TLS 1.2 lets both directions end together. */
  @ParameterizedTest
  @EnumSource
  void theEndOfOneDirectionEndsBothInTls12(Caller caller) throws Exception {
    TlsPair.connected(
        caller,
        TlsPair.version("TLSv1.2"),
        (client, server) -> {
          client.writeAll("question");
          client.shutdownOutput();
          assertThat(server.readAll()).isEqualTo("question");
          server.close();
          assertThat(client.readAll()).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource
  void closeSendsCloseNotify(Caller caller) throws Exception {
    TlsPair.connected(
        caller,
        TlsPair.version("TLSv1.3"),
        (client, server) -> {
          server.writer().writeAll("all");
          server.close();
          server.close();
          assertThat(server.isOpen()).isFalse();
          assertThat(client.readAll()).isEqualTo("all");
          for (ThrowingCallable operation :
              List.<ThrowingCallable>of(
                  () -> server.read(ByteBuffer.allocate(1)),
                  () -> server.write(ByteBuffer.allocate(1)),
                  () -> server.write(ByteBuffer.allocate(0)),
                  server::handshake,
                  server::session,
                  server::applicationProtocol,
                  server::shutdownOutput)) {
            assertThatThrownBy(operation).isInstanceOf(ClosedChannelException.class);
          }
        });
  }

  /** The client has not read the tickets of TLS 1.3; a reset would drop the bytes it wrote. */
  @ParameterizedTest
  @EnumSource
  void bytesWrittenBeforeTheCloseArrive(Caller caller) throws Exception {
    TlsPair.connected(
        caller,
        TlsPair.version("TLSv1.3"),
        (client, server) -> {
          byte[] bytes = new byte[TOTAL];
          Task<?> writer =
              caller.beside(() -> {
                client.writeAll(bytes);
                client.close();
              });
          assertThat(server.readExactly(1)).hasSize(1);
          assertThat(server.readAllBytes()).hasSize(TOTAL - 1);
          Caller.finish(writer);
        });
  }

  @ParameterizedTest
  @EnumSource
  void missingCloseNotifyThrows(Caller caller) throws Exception {
    TlsPair.connected(
        caller,
        TlsPair.version("TLSv1.3"),
        (client, server) -> {
          client.writeAll("pay 100");
          ((AsyncSocket) client.channel()).shutdownOutput();
          assertThat(server.readExactly(7)).asString(UTF_8).isEqualTo("pay 100");
          for (int i = 0; i < 2; i++) {
            assertThatThrownBy(server::readLine)
                .isInstanceOf(SSLException.class)
                .hasCauseInstanceOf(EOFException.class)
                .hasMessageContaining("without a close_notify")
                .hasMessageContaining(server.channel().toString());
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsAWaitingReader(Caller caller) throws Exception {
    TlsPair.connected(
        caller,
        TlsPair.version("TLSv1.3"),
        (client, server) -> {
          Task<?> reader = caller.beside(client::readLine);
          if (caller == Caller.COROUTINE) {
            Waiting.forATurn();
          } else {
            Waiting.untilThreadsWait(1);
          }
          client.close();
          assertThatThrownBy(() -> Caller.finish(reader))
              .isInstanceOf(AsynchronousCloseException.class);
          assertThat(server.readLine()).as("close_notify").isNull();
        });
  }

  /** Key updates are requested by the writing peer and by the reading one. */
  @ParameterizedTest
  @EnumSource
  void keyUpdatesAreAnsweredDuringTransfers(Caller caller) throws Exception {
    caller.run(() -> {
      try (TlsPair pair = TlsPair.open()) {
        var engine = TlsPair.CLIENT.createSSLEngine("localhost", 1);
        engine.setUseClientMode(true);
        try (var client = TlsStream.over(pair.clientSocket(), engine);
            var server = pair.server()) {
          TlsPair.shake(caller, client, server);
          for (int i = 0; i < 20; i++) {
            engine.beginHandshake(); // after the first handshake: a key update
            client.writeAll("question " + i + "\n");
            assertThat(server.readLine()).isEqualTo("question " + i);
            server.writeAll("answer " + i + "\n");
            assertThat(client.readLine()).isEqualTo("answer " + i);
            engine.beginHandshake();
            client.writeAll("no question\n");
            assertThat(server.readLine()).isEqualTo("no question");
            Waiting.until(() -> {
              GoAsync.yield();
              return !server.holdsBuffer(); // the answer is sent without a write
            });
          }
        }
      }
    });
  }
}
