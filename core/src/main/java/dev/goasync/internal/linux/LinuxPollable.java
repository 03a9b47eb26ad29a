package dev.goasync.internal.linux;

import dev.goasync.internal.platform.PollableHandle;
import dev.goasync.internal.platform.TimedPollable;
import java.io.IOException;

/** Somebody else's descriptor, to wait for. */
final class LinuxPollable implements PollableHandle {
  private final Descriptor descriptor;

  LinuxPollable(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  @Override
  public boolean has(Direction direction) {
    return true;
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    return Sockets.isReady(descriptor, direction);
  }

  @Override
  public void awaitReady(Direction direction) throws IOException {
    Sockets.awaitReady(descriptor, direction, TimedPollable.NO_LIMIT);
  }

  @Override
  public void close() {
    descriptor.markClosed();
  }
}
