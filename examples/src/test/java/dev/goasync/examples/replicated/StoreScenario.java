package dev.goasync.examples.replicated;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.examples.replicated.Command.Kind;
import dev.goasync.testing.Host;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A store of three to five nodes, three clients, and faults: nodes crash and restart, the network
 * is cut, links and disks are slow. The history of the clients must be linearizable, a term has one
 * leader, an operation ends within its time limit, and soon when all is repaired; a node shuts down
 * in order.
 */
final class StoreScenario implements Simulation.Scenario {
  private static final Path DIRECTORY = Path.of("store");
  private static final int PORT = 7000;
  private static final List<Kind> KINDS = List.of(Kind.GET, Kind.PUT, Kind.APPEND);
  private static final int CLIENTS = 3;
  private static final int KEYS = 2;
  private static final int MAX_PADDING = 1_500;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** How much later than at its time limit an operation may end. */
  private static final Duration LATE = Duration.ofMillis(500);

  /** After this time without faults there is a leader that all members and clients know. */
  private static final Duration SETTLING = Duration.ofSeconds(6);

  private static final Duration QUIET = Duration.ofSeconds(3);

  /** The maximum time of an operation without faults. */
  private static final Duration QUICK = Duration.ofMillis(500);

  private final Variant variant;
  private final int maxNodes;
  private final Duration length;

  StoreScenario(Variant variant) {
    this(variant, 0, Duration.ofSeconds(20));
  }

  /**
   * @param nodes the number of nodes; 0 if the seed draws it
   * @param length the virtual time with faults
   */
  StoreScenario(Variant variant, int nodes, Duration length) {
    this.variant = variant;
    this.maxNodes = nodes;
    this.length = length;
  }

  @Override
  public void run(World world) throws Exception {
    int count = maxNodes > 0 ? maxNodes : 3 + world.random().nextInt(3);
    new Run(world, count).run();
  }

  /** The last operations of a key, without what large values consist of. */
  private static String describe(List<Operation> ofKey) {
    return String.join(
        "",
        ofKey.subList(Math.max(0, ofKey.size() - 20), ofKey.size()).toString().split("\\.{2,}"));
  }

  /** One run. */
  private final class Run {
    private final World world;
    private final RandomGenerator random;
    private final List<Address> addresses = new ArrayList<>();
    private final List<Host> nodes = new ArrayList<>();
    private final List<Operation> history = new ArrayList<>();
    private final Map<Long, Integer> leaders = new HashMap<>();
    private boolean isQuiet;
    private boolean isOver;
    private int clientsLeft = CLIENTS;

    Run(World world, int count) {
      this.world = world;
      this.random = world.random();
      for (int i = 1; i <= count; i++) {
        addresses.add(new Address("node" + i, PORT));
      }
    }

    void run() {
      for (int i = 1; i <= addresses.size(); i++) {
        int self = i;
        nodes.add(world.host("node" + i, host -> runNode(self, host)));
      }
      for (int i = 1; i <= CLIENTS; i++) {
        world.host("client" + i, this::runClient);
      }
      Task<?> faults = GoAsync.goAsync("faults", this::makeFaults);
      faults.await();
      repairAll();
      GoAsync.sleep(SETTLING);
      isQuiet = true;
      GoAsync.sleep(QUIET);
      isOver = true;
      GoAsync.sleep(TIMEOUT.plus(LATE));
      assertTrue(clientsLeft == 0, "a client has not ended");
      for (Host node : nodes) {
        assertTrue(node.shutdown(Duration.ofSeconds(1)), node + " does not shut down in order");
      }
      List<Operation> violation = Linearizability.violation(history);
      if (violation != null) {
        fail("the history is not linearizable: " + describe(violation));
      }
    }

    private void runNode(int self, Host host) throws IOException {
      try (Node node =
          variant.open(addresses, self, DIRECTORY, host.random(), term -> leads(term, self))) {
        node.run();
      }
    }

    private void leads(long term, int node) {
      Integer other = leaders.put(term, node);
      assertTrue(other == null || other == node, "term " + term + " has two leaders");
    }

    // ---- clients ----

    private void runClient(Host host) throws IOException {
      try (Client client = variant.newClient(addresses, TIMEOUT, host.random())) {
        for (int i = 0; !isOver; i++) {
          Kind kind = KINDS.get(host.random().nextInt(KINDS.size()));
          String key = "key" + host.random().nextInt(KEYS);
          operate(client, kind, key, kind == Kind.GET ? "" : newValue(host, i));
          GoAsync.sleep(Duration.ofMillis(host.random().nextInt(200)));
        }
      }
      clientsLeft--;
    }

    /** A value that no other command has; some are larger than a sector of the disk. */
    private static String newValue(Host host, int number) {
      int padding = host.random().nextInt(4) == 0 ? host.random().nextInt(MAX_PADDING) : 0;
      return host.name().charAt(6) + "." + number + " " + ".".repeat(padding);
    }

    private void operate(Client client, Kind kind, String key, String value) {
      Duration limit = isQuiet ? QUICK : TIMEOUT.plus(LATE);
      long start = world.elapsed().toNanos();
      @Nullable String result = null;
      long end = Operation.NEVER;
      try {
        result = client.execute(kind, key, value);
        end = world.elapsed().toNanos();
      } catch (IOException notAnswered) {
        // it may have its effect, now or later
      }
      Duration taken = world.elapsed().minusNanos(start);
      assertTrue(taken.compareTo(limit) <= 0, "an operation has taken " + taken + " of " + limit);
      history.add(new Operation(kind, key, value, result, start, end));
    }

    // ---- faults ----

    private void makeFaults() {
      Duration end = world.elapsed().plus(length);
      while (world.elapsed().compareTo(end) < 0) {
        GoAsync.sleep(Duration.ofMillis(random.nextInt(100, 2_000)));
        makeFault(nodes.get(random.nextInt(nodes.size())));
      }
    }

    /** The choice 0 is no fault, so that shrinking removes faults. */
    private void makeFault(Host node) {
      switch (random.nextInt(9)) {
        case 0 -> {}
        case 1, 2 -> {
          if (node.isUp()) {
            node.crash();
          }
        }
        case 3, 4 -> {
          if (!node.isUp()) {
            node.restart();
          }
        }
        case 5 -> nodes.forEach(other -> cut(node, other));
        case 6 -> nodes.forEach(other -> mend(node, other));
        case 7 -> node.disk().latency(Duration.ZERO, Duration.ofMillis(random.nextInt(50)));
        default -> {
          Host other = nodes.get(random.nextInt(nodes.size()));
          int millis = random.nextInt(300);
          world.latency(node, other, Duration.ZERO, Duration.ofMillis(millis));
        }
      }
    }

    /** Cuts a node from the other nodes; clients still reach it. */
    private void cut(Host node, Host other) {
      if (node != other) {
        world.partition(node, other);
      }
    }

    private void mend(Host node, Host other) {
      if (node != other) {
        world.repair(node, other);
      }
    }

    private void repairAll() {
      for (Host node : nodes) {
        nodes.forEach(other -> mend(node, other));
        for (Host other : nodes) {
          world.latency(node, other, Duration.ZERO, Duration.ofMillis(2));
        }
        node.disk().latency(Duration.ZERO, Duration.ofMillis(1));
        if (!node.isUp()) {
          node.restart();
        }
      }
    }
  }
}
