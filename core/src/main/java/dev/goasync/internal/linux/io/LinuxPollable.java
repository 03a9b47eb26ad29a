package dev.goasync.internal.linux.io;

import dev.goasync.internal.platform.PollableHandle;
import dev.goasync.internal.platform.TimedPollable;
import java.io.IOException;

/** Somebody else's descriptor, to wait for. */
public final class LinuxPollable implements PollableHandle {
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
    DescriptorCalls.awaitReady(descriptor, direction, TimedPollable.NO_LIMIT);
  }

  @Override
  public void close() {
    descriptor.markClosed();
  }
}
