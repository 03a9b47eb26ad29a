package dev.goasync.internal.simulated;

import dev.goasync.internal.simulated.resource.SimulatedSocket;
import dev.goasync.internal.simulated.resource.SocketOptionValues;

/** A TCP or UDP socket of a simulated host. */
abstract class InternetSocket extends SimulatedSocket {
  final HostRun run;

  InternetSocket(HostRun run, SocketOptionValues options) {
    super(run, options);
    this.run = run;
  }

  final SimulatedWorld world() {
    return run.host.world;
  }
}
