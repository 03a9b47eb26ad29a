package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.sys.Linux;
import java.io.IOException;

/**
 * Decides which transfers may be submitted to a ring.
 *
 * <p>The kernel makes the transfer of a file without non-blocking support (FMODE_NOWAIT) inside
 * io_uring_enter as soon as the file polls ready. A terminal that polls writable still blocks in a
 * long write, whatever the ring asks for (seen on Linux 6.18): the loop would stand still, and
 * neither a cancel nor a timeout would help. A file without support is set to non-blocking mode
 * here, and the loop makes the transfers itself.
 *
 * <p>Without support are terminals, pseudo terminals and other character devices, FIFOs (also on
 * Linux 6.18), and before Linux 6.4 all pipes.
 *
 * <p>In portable mode no pipe is submitted. A coroutine may hold a lock during the transfer, and a
 * second coroutine that wants the lock blocks the loop; so a transfer that needs no wait must not
 * pause.
 */
final class TransferSupport {
  private final UringPoller io;
  private final UringFeatures features;

  TransferSupport(UringPoller io, UringFeatures features) {
    this.io = io;
    this.features = features;
  }

  /** Whether transfers of the file must not be submitted. Asks the kernel once per descriptor. */
  boolean isMissingFor(Descriptor file) throws IOException {
    Boolean known = file.transfersWhenReady();
    return known != null ? known : findOut(file);
  }

  private boolean findOut(Descriptor file) throws IOException {
    int fd = file.enter(io.use());
    try {
      boolean missing = io.mayWaitWithoutEnd(file, fd) && isMissingFor(fd);
      if (missing) {
        io.calls().setNonBlocking(fd, true);
      }
      file.setTransfersWhenReady(missing);
      return missing;
    } finally {
      file.leave(io.use(), io.calls());
    }
  }

  private boolean isMissingFor(int fd) {
    return switch (io.typeOf(fd)) {
      case Linux.S_IFSOCK -> false;
      case Linux.S_IFIFO -> !Fiber.runOnLoopThread() || !features.isNonBlockingPipe(deviceOf(fd));
      default -> true;
    };
  }

  private long deviceOf(int fd) {
    NativeBuffer attributes = io.acquireBuffer(Linux.STATX_BYTES);
    try {
      return UringBackend.deviceOf(io.calls(), fd, attributes);
    } finally {
      io.releaseBuffer(attributes);
    }
  }
}
