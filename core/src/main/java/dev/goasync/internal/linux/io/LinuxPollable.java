package dev.goasync.internal.linux.io;

import dev.goasync.internal.platform.Pollable;
import java.io.IOException;

/** The readiness of a descriptor that another library owns. */
public final class LinuxPollable implements Pollable.Handle {
  private final Descriptor descriptor;

  public LinuxPollable(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  @Override
  public boolean has(Direction direction) {
    return true;
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    return DescriptorCalls.isReady(descriptor, direction);
  }

  @Override
  public void awaitReady(Direction direction) throws IOException {
    DescriptorCalls.awaitReady(descriptor, direction, Pollable.Timed.NO_TIMEOUT);
  }

  @Override
  public void close() {
    descriptor.markClosed();
  }
}
