package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Workplace;
import java.util.List;

/**
 * The HTTP server of each peer. Its argument is the port, and it prints the port on which it
 * listens.
 */
final class HttpServers {
  /** Variants of a peer: the same program with other options. */
  static final List<String> VARIANTS =
      List.of("goasync-epoll", "goasync-nio", "goasync-portable", "jdk-1-carrier", "go-1-thread");

  /** Peers that no target uses, or only a target that is far from its limit. */
  static final List<String> BESIDE_TARGETS =
      List.of(
          "goasync-nio",
          "c-uring",
          "goasync-portable",
          "jdk-1-carrier",
          "go-1-thread",
          "kotlin",
          "kotlin-1-thread",
          "nim",
          "asyncio",
          "gevent",
          "node");

  private static final String THREADS = "dev.goasync.bench.program.ThreadHttpServer";

  private HttpServers() {}

  static List<Peer> all(Workplace place) {
    return List.of(
        goasync(place, Results.US),
        goasync(place, "goasync-epoll", "-Dgoasync.backend=epoll"),
        goasync(place, "goasync-nio", "-Dgoasync.backend=nio"),
        goasync(place, "goasync-portable", "-Dgoasync.portable=true"),
        java(place, "jdk-virtual-threads", THREADS),
        java(place, "jdk-1-carrier", THREADS, Peer.ONE_CARRIER),
        Peer.of("go", () -> List.of(place.build().go("server")), Tool.GO),
        Peer.of(
            "go-1-thread",
            () -> List.of("env", "GOMAXPROCS=1", place.build().go("server")),
            Tool.GO),
        Peer.of("c-epoll", () -> List.of(place.build().c("epoll_server")), Tool.GCC),
        Peer.of(
            "c-uring",
            () -> List.of(place.build().c("uring_server", "-luring")),
            Tool.GCC,
            Tool.LIBURING),
        Peer.onJvm(place, "netty-uring", "NettyServer", "uring"),
        Peer.onJvm(place, "netty-epoll", "NettyServer", "epoll"),
        Peer.onJvm(place, "kotlin", "KotlinServer"),
        Peer.onJvm(place, "kotlin-1-thread", "KotlinLoopServer"),
        Peer.unavailable(
            "panama-uring",
            "of io.github.dreamlike-ocean the Maven repository served the parent's pom, but none of"
                + " the versions of panama-uring that were asked for when the peers were written"),
        Peer.of("nim", () -> List.of(place.build().nim("server")), Tool.GCC, Tool.NIM),
        Peer.of("asyncio", Peer.python(place, "asyncio_server.py"), Tool.PYTHON),
        Peer.of("gevent", Peer.python(place, "gevent_server.py"), Tool.PYTHON, Tool.GEVENT),
        Peer.of(
            "node",
            () -> List.of("node", place.peerSource("node/server.js").toString()),
            Tool.NODE));
  }

  /** The example http-hello with options for the JVM. */
  private static Peer goasync(Workplace place, String id, String... options) {
    return Peer.of(
        id, () -> place.java(List.of(options), "dev.goasync.examples.HttpHello", "--port"));
  }

  private static Peer java(Workplace place, String id, String mainClass, String... options) {
    return Peer.of(id, () -> place.java(List.of(options), mainClass));
  }
}
