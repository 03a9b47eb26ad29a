package dev.goasync.internal.simulated;

import dev.goasync.internal.simulated.disk.Disk;
import java.util.SplittableRandom;

/** The disk of a simulated host, and how long its operations take. It outlives the host's crash. */
public final class HostDisk {
  private static final Latency IMMEDIATE = new Latency(0, 0);
  private static final Latency FORCE = new Latency(100_000, 2_000_000);

  private final Disk disk;
  private final SplittableRandom random;
  private Latency access = IMMEDIATE;
  private Latency force = FORCE;

  HostDisk(SimulatedHost host, SplittableRandom random) {
    this.disk = new Disk(host.time()::instant, random.split());
    this.random = random;
    HostPaths.createDirectories(disk);
  }

  /** The file system. */
  public Disk disk() {
    return disk;
  }

  /** Sets how long each operation takes; by default only a force takes time. */
  public void setLatency(Latency latency) {
    access = latency;
    force = latency;
  }

  long drawAccess() {
    return access == IMMEDIATE ? 0 : access.draw(random);
  }

  long drawForce() {
    return force.draw(random);
  }
}
