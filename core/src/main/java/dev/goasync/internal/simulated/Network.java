package dev.goasync.internal.simulated;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The network between the hosts of a world. Owned by the world's thread and its coroutines. */
public final class Network {
  private static final Latency LOCAL = new Latency(5_000, 20_000);

  private final SimulatedWorld world;
  private final SplittableRandom random;
  private final Map<InetAddress, SimulatedHost> byAddress = new HashMap<>();
  private Latency latency = new Latency(200_000, 2_000_000);
  private double loss;

  Network(SimulatedWorld world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  void add(SimulatedHost host) {
    byAddress.put(host.address(), host);
  }

  List<InetAddress> resolve(String name) throws UnknownHostException {
    if (name.equals("localhost")) {
      return List.of(InetAddress.getLoopbackAddress());
    }
    SimulatedHost host = world.host(name);
    if (host == null) {
      throw new UnknownHostException(name + ": the simulation has no host of this name");
    }
    return List.of(host.address());
  }

  /** The host with an address, as {@code from} sees it; null if there is none. */
  @Nullable SimulatedHost hostOf(InetAddress address, SimulatedHost from) {
    return address.isLoopbackAddress() || address.isAnyLocalAddress()
        ? from
        : byAddress.get(address);
  }

  /** Sends a message, which arrives after the latency of the link, or is lost. */
  void send(SimulatedHost from, SimulatedHost to, Message message) {
    Link link = from.linkTo(to);
    if (link.held && !link.cut) {
      link.kept.add(message);
      return;
    }
    Picture picture = world.picture();
    Picture.Arrow arrow =
        picture == null || from == to ? null : picture.send(from, to, world.now());
    if (link.cut) {
      lose(message, arrow);
    } else {
      world.schedule(drawLatency(from, to, link), () -> arrive(link, to, message, arrow));
    }
  }

  private long drawLatency(SimulatedHost from, SimulatedHost to, Link link) {
    Latency own = link.latency;
    return (from == to ? LOCAL : own != null ? own : latency).draw(random);
  }

  private void arrive(Link link, SimulatedHost to, Message message, Picture.@Nullable Arrow arrow) {
    HostRun target = to.current();
    if (link.cut || target == null) {
      lose(message, arrow);
    } else {
      if (arrow != null) {
        arrow.end(world.now(), false);
      }
      message.arrive(target);
    }
  }

  private void lose(Message message, Picture.@Nullable Arrow arrow) {
    if (arrow != null) {
      arrow.end(world.now(), true);
    }
    message.lost();
  }

  /** Whether the next datagram of the link is lost. */
  boolean drawLoss(SimulatedHost from, SimulatedHost to) {
    double own = from.linkTo(to).loss;
    double probability = own >= 0 ? own : loss;
    return from != to && probability > 0 && random.nextDouble() < probability;
  }

  // ---- changes by the test ----

  /** Sets the latency of all links that have none of their own. */
  public void setLatency(Latency changed) {
    latency = changed;
  }

  /** Sets the latency of one direction. */
  public void setLatency(SimulatedHost from, SimulatedHost to, Latency changed) {
    from.linkTo(to).latency = changed;
  }

  /** Sets the probability that a datagram is lost. */
  public void setLoss(double probability) {
    loss = probability;
  }

  /** Cuts or repairs one direction. */
  public void setCut(SimulatedHost from, SimulatedHost to, boolean cut) {
    world.trace(cut ? "is cut" : "is repaired", from + " -> " + to, 0);
    from.linkTo(to).cut = cut;
  }

  /** Keeps the messages of one direction, or lets them go on, in order. */
  public void setHeld(SimulatedHost from, SimulatedHost to, boolean held) {
    world.trace(held ? "is held" : "is released", from + " -> " + to, 0);
    Link link = from.linkTo(to);
    link.held = held;
    if (!held) {
      List<Message> released = new ArrayList<>(link.kept);
      link.kept.clear();
      released.forEach(message -> send(from, to, message));
    }
  }
}
