package dev.goasync.bridge;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A call of a public method with arguments, right and wrong ones. Calls are generated from the
 * methods of a class, so that a method that a later JDK adds is compared too.
 *
 * @param name the method and its arguments, as {@code setSoLinger(true, -1)}
 * @param target the object of the scene that has the method
 */
record ParityCall(String name, Target target, Method method, List<Argument> arguments) {
  private static final int UNUSED_PORT = 1;
  private static final List<Integer> NUMBERS = List.of(-1, 3, Integer.MAX_VALUE);

  /** The object on which a method is called. */
  enum Target {
    SOCKET(""),
    SERVER_SOCKET(""),
    INPUT("input."),
    OUTPUT("output.");

    private final String prefix;

    Target(String prefix) {
      this.prefix = prefix;
    }
  }

  /** An argument, which depends on the ports of the scene. */
  record Argument(String name, Maker maker) {
    static Argument of(@Nullable Object value) {
      return new Argument(String.valueOf(value), scene -> value);
    }
  }

  /** Makes an argument in a scene. */
  @FunctionalInterface
  interface Maker {
    @Nullable Object in(ParityScene scene);
  }

  /** All calls of a socket and its streams. */
  static List<ParityCall> ofSocket(Class<? extends Socket> type) {
    return Stream.of(
            of(Target.SOCKET, type, JdkOptions.OF_SOCKETS),
            of(Target.INPUT, InputStream.class, Set.of()),
            of(Target.OUTPUT, OutputStream.class, Set.of()))
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Of the calls of a socket, two for each method and option: for states that take long to make.
   */
  static List<ParityCall> fewOfSocket(Class<? extends Socket> type) {
    return ofSocket(type).stream()
        .collect(
            Collectors.groupingBy(ParityCall::subject, LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .flatMap(calls ->
            calls.size() < 2 ? calls.stream() : Stream.of(calls.getFirst(), calls.getLast()))
        .toList();
  }

  private String subject() {
    boolean ofOption = method.getName().endsWith("etOption");
    return method + (ofOption ? arguments.getFirst().name() : "");
  }

  /** All calls of a listening socket. */
  static List<ParityCall> ofServerSocket() {
    return of(Target.SERVER_SOCKET, ServerSocket.class, JdkOptions.OF_SERVER_SOCKETS);
  }

  private static List<ParityCall> of(Target target, Class<?> type, Set<SocketOption<?>> options) {
    List<ParityCall> calls = new ArrayList<>();
    for (Method method : methodsOf(type)) {
      for (List<Argument> arguments : argumentsOf(method, options)) {
        String list = arguments.stream().map(Argument::name).collect(Collectors.joining(", "));
        calls.add(new ParityCall(method.getName() + "(" + list + ")", target, method, arguments));
      }
    }
    return calls;
  }

  static List<Method> methodsOf(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getDeclaringClass() != Object.class)
        .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
        .sorted(Comparator.comparing(Method::toString))
        .toList();
  }

  // ---- arguments ----

  private static List<List<Argument>> argumentsOf(Method method, Set<SocketOption<?>> options) {
    return switch (method.getName()) {
      case "setOption" -> optionsAndValues(options);
      case "getOption" ->
          withUnsupported(options).map(option -> List.of(argument(option))).toList();
      default -> combinations(method);
    };
  }

  private static List<List<Argument>> combinations(Method method) {
    List<List<Argument>> lists = List.of(List.of());
    for (Class<?> type : method.getParameterTypes()) {
      List<Argument> values = valuesOf(type, method.getName());
      lists =
          lists.stream()
              .flatMap(list -> values.stream().map(value -> append(list, value)))
              .toList();
    }
    return lists;
  }

  private static List<Argument> append(List<Argument> list, Argument value) {
    return Stream.concat(list.stream(), Stream.of(value)).toList();
  }

  private static Stream<@Nullable SocketOption<?>> withUnsupported(Set<SocketOption<?>> options) {
    return Stream.concat(
        options.stream().sorted(Comparator.comparing(SocketOption::name)),
        Stream.of(StandardSocketOptions.IP_MULTICAST_TTL, null));
  }

  private static Argument argument(@Nullable SocketOption<?> option) {
    return new Argument(option == null ? "null" : option.name(), scene -> option);
  }

  private static List<List<Argument>> optionsAndValues(Set<SocketOption<?>> options) {
    List<List<Argument>> lists = new ArrayList<>();
    withUnsupported(options)
        .forEach(option -> {
          List<@Nullable Object> values = new ArrayList<>();
          values.add(null);
          values.add("text");
          if (option == null || option.type() != Boolean.class) {
            values.addAll(NUMBERS);
          } else {
            values.addAll(List.of(true, false));
          }
          values.forEach(value -> lists.add(List.of(argument(option), Argument.of(value))));
        });
    return lists;
  }

  private static List<Argument> valuesOf(Class<?> type, String method) {
    if (type == boolean.class) {
      return List.of(Argument.of(true), Argument.of(false));
    }
    if (type == int.class) {
      List<Integer> numbers =
          switch (method) {
            case "connect" -> List.of(-1, 0, ParityScene.LONG_MILLIS);
            case "read", "readNBytes", "write" -> List.of(-1, 0, 3);
            default -> NUMBERS;
          };
      return numbers.stream().map(Argument::of).toList();
    }
    if (type == long.class) {
      return Stream.of(-1L, 2L, 70_000L).map(Argument::of).toList();
    }
    if (type == SocketAddress.class) {
      return addresses(method);
    }
    if (type == byte[].class) {
      return List.of(Argument.of(null), new Argument("bytes", ParityScene::bytes));
    }
    if (type == OutputStream.class) {
      return List.of(
          Argument.of(null), new Argument("a stream", scene -> new ByteArrayOutputStream()));
    }
    return objectsOf(type);
  }

  /** Null, and what an instance of the same class returns from the getter. */
  private static List<Argument> objectsOf(Class<?> type) {
    List<Argument> values = new ArrayList<>(List.of(Argument.of(null)));
    if (type == String[].class) {
      values.add(new Argument("[]", scene -> new String[0]));
      values.add(new Argument("[unknown]", scene -> new String[] {"unknown"}));
    }
    return values;
  }

  private static List<Argument> addresses(String method) {
    List<Argument> values = new ArrayList<>();
    values.add(Argument.of(null));
    values.add(Argument.of(UnixDomainSocketAddress.of("none")));
    values.add(new Argument("the listener", ParityScene::listenerAddress));
    values.add(
        new Argument(
            "an unresolved name",
            scene -> InetSocketAddress.createUnresolved("localhost", scene.listenerPort())));
    if (method.equals("bind")) {
      values.add(Argument.of(new InetSocketAddress(ParityScene.LOOPBACK, 0)));
      values.add(Argument.of(new InetSocketAddress(0)));
      values.add(
          new Argument(
              "an address of another host", scene -> new InetSocketAddress("192.0.2.1", 0)));
    } else {
      values.add(
          new Argument("the wildcard", scene -> new InetSocketAddress(scene.listenerPort())));
      values.add(
          new Argument(
              "an unused port", scene -> new InetSocketAddress(ParityScene.LOOPBACK, UNUSED_PORT)));
    }
    return values;
  }

  /** Calls of a TLS socket, one for each method, since each needs a handshake. */
  static List<ParityCall> ofTlsSocket() {
    Set<String> inherited = Set.of("bind", "connect", "close", "shutdownInput", "shutdownOutput");
    Set<Method> seen = new HashSet<>();
    return ofSocket(SSLSocket.class).stream()
        .filter(call ->
            call.target != Target.SOCKET
                || call.method.getDeclaringClass() == SSLSocket.class
                || inherited.contains(call.method.getName()))
        .filter(call -> seen.add(call.method))
        .toList();
  }

  /** Whether the call transfers bytes, and so can wait. */
  boolean transfers() {
    return target != Target.SOCKET
        || Set.of("sendUrgentData", "close", "shutdownInput", "shutdownOutput")
            .contains(method.getName());
  }

  /** The arguments for a scene. */
  @Nullable Object[] in(ParityScene scene) {
    return arguments.stream().map(argument -> argument.maker().in(scene)).toArray();
  }

  @Override
  public String toString() {
    return target.prefix + name;
  }
}
