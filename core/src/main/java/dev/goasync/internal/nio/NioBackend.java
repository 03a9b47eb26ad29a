package dev.goasync.internal.nio;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.nio.io.NioPoller;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.platform.Platform;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;

/** The portable backend: JDK channels and selectors. */
public final class NioBackend implements Backend {
  private NioBackend() {}

  /** Returns the backend, which works on every machine. */
  public static NioBackend probe() {
    return new NioBackend();
  }

  @Override
  public Poller open(Loop loop) throws IOException {
    return new NioPoller(loop);
  }

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public String describe() {
    return "nio: selectors of the JDK ("
        + SelectorProvider.provider().getClass().getSimpleName()
        + "), files on worker threads";
  }

  @Override
  public Platform platform() {
    return NioPlatform.INSTANCE;
  }
}
