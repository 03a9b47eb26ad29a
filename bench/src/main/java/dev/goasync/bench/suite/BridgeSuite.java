package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import dev.goasync.bench.suite.ClientServers.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Java's client libraries in coroutines of one loop, beside the JDK's virtual threads. */
public final class BridgeSuite implements Suite {
  private static final String THREADS = "jdk-virtual-threads";
  private static final String ONE_CARRIER = "jdk-1-carrier";
  private static final String TICK = "tick";
  private static final String TICK_OF_A_THREAD = "tick-of-a-thread";
  private static final String WARM_UP_SECONDS = "8";
  private static final String SECONDS = "2";
  private static final String TICK_SECONDS = "5";
  private static final String WORKERS = "64";
  private static final String TICK_WORKERS = "100";
  private static final double US_PER_MS = 1_000;

  /** The heap is touched before, since a page's first use costs more than an exchange. */
  private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

  /** A client, whose name is also that of its case, and its server. */
  private record Client(String name, Kind server, String exchange) {}

  private static final List<Client> CLIENTS =
      List.of(
          new Client("pgjdbc", Kind.POSTGRESQL, "a query by pgjdbc"),
          new Client("jedis", Kind.REDIS, "a GET by Jedis"),
          new Client("apache", Kind.NGINX, "a GET by Apache HttpClient"),
          new Client("rabbitmq", Kind.RABBITMQ, "a confirmed message by RabbitMQ's client"));

  @Override
  public String name() {
    return "bridge";
  }

  @Override
  public String purpose() {
    return "Client libraries with the loop's sockets in 64 coroutines of one loop, beside virtual"
        + " threads with the JDK's sockets: processor time of the client's process for an exchange"
        + " with a server on the same machine. A query, a GET of Redis and a GET of nginx have a"
        + " connection for each coroutine; messages to RabbitMQ share one. Cases tick: how late a"
        + " tick of 5 ms comes while 100 coroutines use all four clients, and at the same time in"
        + " a thread that does nothing else.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 3;
  }

  @Override
  public List<String> notQuick() {
    return List.of("pgjdbc", "apache", "rabbitmq", TICK, ONE_CARRIER);
  }

  @Override
  public int quickSeconds() {
    return 4;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    List<Trial> trials = new ArrayList<>();
    for (Client client : CLIENTS) {
      for (String peer : List.of(Results.US, THREADS, ONE_CARRIER)) {
        trials.add(
            new Trial(
                client.name,
                peer,
                Optional.empty(),
                () -> measure(place, peer, "cost", SECONDS, WORKERS, List.of(client))));
      }
    }
    for (String peer : List.of(Results.US, THREADS)) {
      trials.add(
          new Trial(
              TICK,
              peer,
              Optional.empty(),
              () -> measure(place, peer, TICK, TICK_SECONDS, TICK_WORKERS, CLIENTS)));
    }
    return trials.stream().map(trial -> withMissing(trial, place)).toList();
  }

  /** Adds the first reason why a trial cannot run. */
  private static Trial withMissing(Trial trial, Workplace place) {
    Optional<String> reason =
        CLIENTS.stream()
            .filter(client -> List.of(TICK, client.name).contains(trial.caseName()))
            .flatMap(client -> client.server.missing().stream())
            .findFirst();
    return new Trial(
        trial.caseName(), trial.peer(), place.jvmPeersMissing().or(() -> reason), trial.body());
  }

  private static List<Measurement> measure(
      Workplace place,
      String peer,
      String what,
      String seconds,
      String workers,
      List<Client> clients)
      throws Exception {
    try (ClientServers servers = new ClientServers(place)) {
      List<String> options = new ArrayList<>(HEAP);
      if (peer.equals(ONE_CARRIER)) {
        options.add(Peer.ONE_CARRIER);
      }
      String runtime = peer.equals(Results.US) ? "loop" : "threads";
      String warmUp = place.quick() ? "1" : WARM_UP_SECONDS;
      List<String> arguments =
          new ArrayList<>(List.of(runtime, what, warmUp, place.quick() ? "1" : seconds, workers));
      for (Client client : clients) {
        arguments.add(client.name + ":" + servers.start(client.server));
      }
      return Measurement.parse(
          Program.run(place.jvmPeerWithLibrary(options, "peers.BridgeWork", arguments)));
    }
  }

  @Override
  public List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    for (Client client : CLIENTS) {
      for (String peer : List.of(THREADS, ONE_CARRIER)) {
        targets.add(
            Target.ratio(
                "processor time of " + client.exchange + ", of " + peer,
                0.8,
                client.name,
                peer,
                Metric.CPU_US_PER_OP));
      }
    }
    for (Metric metric : List.of(Metric.P50_US, Metric.P99_US)) {
      targets.add(
          Target.atMost(
              "milliseconds by which a tick is later than a thread's, " + metric.id(),
              2,
              results -> beyondThread(results, metric)));
    }
    return targets;
  }

  private static OptionalDouble beyondThread(Results results, Metric metric) {
    OptionalDouble ours = results.median(TICK, Results.US, metric);
    OptionalDouble thread = results.median(TICK_OF_A_THREAD, Results.US, metric);
    return ours.isPresent() && thread.isPresent()
        ? OptionalDouble.of((ours.getAsDouble() - thread.getAsDouble()) / US_PER_MS)
        : OptionalDouble.empty();
  }
}
