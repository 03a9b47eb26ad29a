package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.sys.SystemCalls;
import java.nio.channels.ClosedChannelException;

/** Arms a loop's operations that go on. Owned by the loop. */
final class MultishotRegistry {
  final UringPoller poller;
  private final OperationPool slots;
  private final SystemCalls calls;
  private int armed;

  MultishotRegistry(UringPoller poller, OperationPool slots, SystemCalls calls) {
    this.poller = poller;
    this.slots = slots;
    this.calls = calls;
  }

  /** A fresh operation. */
  UringOperation begin(int opcode, Descriptor subject) {
    return slots.take().begin(opcode, subject, false);
  }

  /** Has {@code multishot} completed again and again, until {@link #disarm}. */
  UringOperation arm(Multishot multishot) throws ClosedChannelException {
    UringOperation operation = multishot.operation();
    int fd;
    try {
      fd = multishot.descriptor.enter(operation.use);
    } catch (ClosedChannelException closed) {
      slots.release(operation);
      throw closed;
    }
    operation.beginMultishot(multishot);
    poller.queue(operation.fill(fd, 0, 0, 0, multishot.operationFlags()));
    armed++;
    return operation;
  }

  /** The kernel is done with it. */
  void disarm(UringOperation operation, Descriptor descriptor) {
    armed--;
    operation.endMultishot();
    descriptor.leave(operation.use, calls);
    slots.release(operation);
  }

  /** Ends all, before the ring does; what they have kept outlives it. */
  void end() {
    for (UringOperation operation : slots.all()) {
      Multishot multishot = operation.multishot();
      if (multishot != null) {
        multishot.orderEnd();
      }
    }
    while (armed > 0) {
      poller.poll(0);
    }
  }
}
