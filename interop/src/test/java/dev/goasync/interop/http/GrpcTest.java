package dev.goasync.interop.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.bridge.LoopServerSocketFactory;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import io.grpc.CallOptions;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** gRPC's client and server on OkHttp, both on one loop. */
@Timeout(60)
final class GrpcTest {
  private static final MethodDescriptor<String, String> ECHO = method("Echo");
  private static final MethodDescriptor<String, String> STALL = method("Stall");

  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static ManagedChannel channel(String host, int port, EventLoop loop) {
    return OkHttpChannelBuilder.forAddress(host, port)
        .usePlaintext()
        .socketFactory(new LoopSocketFactory())
        .transportExecutor(loop.executor())
        .executor(loop.executor())
        .build();
  }

  static Server server(InetSocketAddress address, ServerServiceDefinition service, EventLoop loop) {
    return OkHttpServerBuilder.forPort(address, InsecureServerCredentials.create())
        .socketFactory(new LoopServerSocketFactory())
        .transportExecutor(loop.executor())
        .executor(loop.executor())
        .addService(service)
        .build();
  }

  // guide: end

  private static MethodDescriptor<String, String> method(String name) {
    var text =
        new MethodDescriptor.Marshaller<String>() {
          @Override
          public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(UTF_8));
          }

          @Override
          public String parse(InputStream stream) {
            try {
              return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    return MethodDescriptor.newBuilder(text, text)
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("Test", name))
        .build();
  }

  private static void echo(String request, StreamObserver<String> answer) {
    GoAsync.yield();
    answer.onNext(request);
    answer.onCompleted();
  }

  private static ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("Test")
        .addMethod(ECHO, ServerCalls.asyncUnaryCall(GrpcTest::echo))
        .addMethod(STALL, ServerCalls.asyncUnaryCall((_, _) -> {}))
        .build();
  }

  private static String call(
      ManagedChannel channel, MethodDescriptor<String, String> method, String request) {
    return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
  }

  @Test
  void aCancelEndsOneCallOfTheSharedConnection() throws Exception {
    Modes.assumeFullMode("a call waits for coroutines of the same loop");
    one.run(() -> {
      var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
      Server server = server(address, service(), one.loop()).start();
      ManagedChannel channel = channel("127.0.0.1", server.getPort(), one.loop());
      try {
        Throwable failure =
            Rounds.withCut(
                number -> {
                  assertThat(call(channel, ECHO, "number" + number)).isEqualTo("number" + number);
                  return number;
                },
                () -> call(channel, STALL, ""));
        assertThat(failure).isInstanceOf(StatusRuntimeException.class);
      } finally {
        channel.shutdownNow().awaitTermination(1, TimeUnit.MINUTES);
        server.shutdownNow().awaitTermination(1, TimeUnit.MINUTES);
      }
    });
  }
}
