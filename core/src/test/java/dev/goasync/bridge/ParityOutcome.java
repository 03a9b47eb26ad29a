package dev.goasync.bridge;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * What a caller and the peer see of a call: the result or exception, the state of the socket
 * afterwards, and the bytes that the peer gets. Port numbers are replaced by names.
 */
final class ParityOutcome {
  /** Change without an action of the program. */
  private static final Set<String> UNSTABLE = Set.of("SO_INCOMING_NAPI_ID", "TCP_QUICKACK");

  private ParityOutcome() {}

  /** Makes a call and describes it: the aspect, and what was seen. */
  static Map<String, String> of(ParityScene scene, ParityCall call, boolean interrupted)
      throws Exception {
    Object target = target(scene, call);
    if (target instanceof IOException none) {
      return Map.of("result", "no target: " + none);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    String result = call(scene, call, target);
    boolean left = Thread.interrupted();
    Map<String, String> seen = new TreeMap<>();
    seen.put("result", result);
    seen.put("interrupt status", String.valueOf(left));
    seen.put("bytes", Arrays.toString(scene.bytes()));
    Closeable socket =
        call.target() == ParityCall.Target.SERVER_SOCKET ? scene.server() : scene.socket();
    getters(socket).forEach((getter, value) -> seen.put(getter, scene.masked(value)));
    options(socket).forEach(seen::put);
    scene.closeCompared(socket);
    seen.put("peer", scene.receivedByPeer());
    return seen;
  }

  private static Object target(ParityScene scene, ParityCall call) {
    try {
      return switch (call.target()) {
        case SOCKET -> scene.socket();
        case SERVER_SOCKET -> scene.server();
        case INPUT -> scene.input();
        case OUTPUT -> scene.output();
      };
    } catch (IOException none) {
      return none;
    }
  }

  private static String call(ParityScene scene, ParityCall call, Object target)
      throws IllegalAccessException, IOException {
    @Nullable Object[] arguments = call.in(scene);
    try {
      Object result = call.method().invoke(target, arguments);
      try {
        return scene.masked(describe(result));
      } finally {
        if (call.method().getName().equals("accept")) {
          ((Socket) result).close();
        }
      }
    } catch (InvocationTargetException thrown) {
      return scene.masked(describeThrown(thrown.getCause()));
    }
  }

  /** Without the message that the JVM computes for a null, which compiled code leaves out. */
  private static String describeThrown(@Nullable Throwable thrown) {
    return thrown instanceof NullPointerException computed
            && String.valueOf(computed.getMessage()).startsWith("Cannot ")
        ? NullPointerException.class.getName()
        : String.valueOf(thrown);
  }

  private static String describe(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case byte[] bytes -> Arrays.toString(bytes);
      case Object[] array -> Arrays.toString(array);
      case InputStream _ -> "an InputStream";
      case OutputStream _ -> "an OutputStream";
      case Set<?> options ->
          options.stream().map(String::valueOf).sorted().collect(Collectors.joining(" "));
      case Number number -> number.toString();
      case Boolean flag -> flag.toString();
      case String text -> text;
      case InetAddress address -> address.toString();
      case SocketAddress address -> address.toString();
      case Socket socket -> socket.isConnected() ? "a connected Socket" : "a Socket";
      case ServerSocket _ -> "a ServerSocket";
      default -> value.getClass().getName();
    };
  }

  private static Map<String, String> getters(Object socket) throws IllegalAccessException {
    Map<String, String> results = new TreeMap<>();
    for (Method method : ParityCall.methodsOf(socketType(socket))) {
      boolean getter = method.getName().startsWith("get") || method.getName().startsWith("is");
      if (getter && method.getParameterCount() == 0) {
        try {
          results.put(method.getName(), describe(method.invoke(socket)));
        } catch (InvocationTargetException thrown) {
          results.put(method.getName(), String.valueOf(thrown.getCause()));
        }
      }
    }
    return results;
  }

  private static Class<?> socketType(Object socket) {
    return switch (socket) {
      case SSLSocket _ -> SSLSocket.class;
      case Socket _ -> Socket.class;
      default -> ServerSocket.class;
    };
  }

  private static Map<String, String> options(Closeable socket) {
    Set<SocketOption<?>> all =
        socket instanceof Socket connection
            ? connection.supportedOptions()
            : ((ServerSocket) socket).supportedOptions();
    Map<String, String> results = new TreeMap<>();
    for (SocketOption<?> option : all) {
      if (!UNSTABLE.contains(option.name())) {
        results.put("option " + option.name(), value(socket, option));
      }
    }
    return results;
  }

  private static String value(Closeable socket, SocketOption<?> option) {
    try {
      return String.valueOf(
          socket instanceof Socket connection
              ? connection.getOption(option)
              : ((ServerSocket) socket).getOption(option));
    } catch (IOException | RuntimeException thrown) {
      return thrown.toString();
    }
  }
}
