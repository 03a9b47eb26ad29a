package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.platform.Platform;
import dev.goasync.internal.platform.SignalTable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** The backend of one loop of a simulated host. */
final class SimulatedBackend implements Backend {
  private final SimulatedLoop loop;
  private final SimulatedPlatform platform;

  SimulatedBackend(SimulatedLoop loop) {
    this.loop = loop;
    this.platform = new SimulatedPlatform(loop.run);
  }

  @Override
  public Poller open(Loop opened) {
    return loop;
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public String describe() {
    return "simulated: " + loop.run.host;
  }

  @Override
  public Platform platform() {
    return platform;
  }

  @Override
  public boolean isSimulated() {
    return true;
  }

  @Override
  public List<InetAddress> resolve(String host) throws UnknownHostException {
    return loop.run.host.world.network().resolve(host);
  }

  @Override
  public Loop startLoop(String name) {
    return loop.run.openLoop(name).loop();
  }

  @Override
  public Path locate(Path path) {
    return loop.run.files.locate(path);
  }

  @Override
  public String newNamePart() {
    return Long.toUnsignedString(loop.run.host.disk().disk().drawNumber());
  }

  @Override
  public <T> T ofProgram(Class<T> type, Supplier<T> make) {
    return loop.run.singleton(type, make);
  }

  @Override
  public SignalTable signals() {
    return loop.run.signals;
  }
}
