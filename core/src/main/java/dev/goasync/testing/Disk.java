package dev.goasync.testing;

import dev.goasync.internal.simulated.HostDisk;
import java.time.Duration;

/**
 * The disk of a {@link Host} of a simulation: its size, its speed and its faults.
 *
 * <p>A crash of the host loses what was not forced, as the seed decides: pages of a file are
 * stored, lost or torn, a file that was extended ends early, and the last changes of directories
 * are undone in order. {@code AsyncFile.force} stores a file's content. Its name is stored when the
 * directory is forced, by an {@code AsyncFile} that has the directory open for reading.
 *
 * <pre>{@code
 * Simulation.with().seeds(100).run(world -> {
 *   Host db = world.host("db", () -> {
 *     try (var log = AsyncFile.open(Path.of("log"), CREATE, APPEND)) {
 *       log.writeAll("entry\n");
 *       log.force(false);
 *     }
 *   });
 *   db.disk().capacity(1 << 20);
 *   db.disk().failForce(2);
 * });
 * }</pre>
 *
 * <p><b>Threads.</b> To be used by coroutines of the simulation.
 */
public final class Disk {
  private final World world;
  private final HostDisk disk;

  Disk(World world, HostDisk disk) {
    this.world = world;
    this.disk = disk;
  }

  /**
   * Sets how many bytes of content fit, in blocks of 4 KiB. A write that finds no room writes what
   * fits, or throws "No space left on device". Default unlimited.
   *
   * @throws IllegalArgumentException if {@code bytes} is negative
   */
  public void capacity(long bytes) {
    world.checkInside();
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is negative: " + bytes);
    }
    disk.disk().setCapacity(bytes);
  }

  /** The bytes that the contents of files occupy, in blocks of 4 KiB. */
  public long used() {
    world.checkInside();
    return disk.disk().used();
  }

  /**
   * Sets how long each operation on a file or directory takes. By default only {@code force} takes
   * time, 0.1 to 2 ms.
   *
   * @throws IllegalArgumentException if {@code min} is negative, or {@code max} is less than {@code
   *     min}
   */
  public void latency(Duration min, Duration max) {
    world.checkInside();
    disk.setLatency(World.latencyOf(min, max));
  }

  /**
   * Makes one read throw "Input/output error".
   *
   * @param number which one from now on, 1 for the next
   * @throws IllegalArgumentException if {@code number} is not positive
   */
  public void failRead(long number) {
    disk.disk().failRead(checked(number));
  }

  /**
   * Makes one write throw "Input/output error". Nothing of it is written.
   *
   * @param number which one from now on, 1 for the next
   * @throws IllegalArgumentException if {@code number} is not positive
   */
  public void failWrite(long number) {
    disk.disk().failWrite(checked(number));
  }

  /**
   * Makes one {@code force} throw "Input/output error". What it should have stored is lost at a
   * crash, even if a later {@code force} succeeds, as on Linux.
   *
   * @param number which one from now on, 1 for the next
   * @throws IllegalArgumentException if {@code number} is not positive
   */
  public void failForce(long number) {
    disk.disk().failForce(checked(number));
  }

  /**
   * Sets how many changes a {@code FileWatch} that is opened from now on can queue, until it
   * reports an overflow. Default 16,384, as on Linux.
   *
   * @throws IllegalArgumentException if {@code max} is not positive
   */
  public void maxWatchedChanges(int max) {
    world.checkInside();
    if (max < 1) {
      throw new IllegalArgumentException("max must be positive: " + max);
    }
    disk.disk().watches().setMaxChanges(max);
  }

  private long checked(long number) {
    world.checkInside();
    if (number < 1) {
      throw new IllegalArgumentException("number must be positive: " + number);
    }
    return number;
  }
}
