package dev.goasync.internal.simulated.resource;

import dev.goasync.internal.platform.SocketHandle;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;

/** A socket of a simulated program. */
public abstract class SimulatedSocket extends SimulatedResource implements SocketHandle {
  private final SocketOptionValues options;

  /** Opens a socket with these options. */
  protected SimulatedSocket(ResourceOwner owner, SocketOptionValues options) {
    super(owner);
    this.options = options;
  }

  /** The values of the options. */
  protected final SocketOptionValues options() {
    return options;
  }

  @Override
  public final <T> void setOption(SocketOption<T> option, T value) throws ClosedChannelException {
    checkOpen();
    options.set(option, value);
  }

  @Override
  public final <T> T getOption(SocketOption<T> option) throws ClosedChannelException {
    checkOpen();
    return options.get(option);
  }

  @Override
  public final String kind() {
    return "socket";
  }
}
