package dev.goasync.internal.uring;

import dev.goasync.internal.linux.LinuxPlatform;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.linux.io.NativeBufferPool;
import dev.goasync.internal.linux.io.WakeEvent;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.platform.Platform;
import dev.goasync.internal.sys.Abi;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.ProcessCalls;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;

/** The io_uring backend. */
public final class UringBackend implements Backend {
  /** Property for tests: {@code EPERM} or {@code ENOSYS} simulates that result of the setup. */
  public static final String SIMULATE_PROPERTY = "goasync.uring.simulateErrno";

  private static final int SQ_ENTRIES = 512;
  private static final int CQ_ENTRIES = 4096;
  private static final int PROBE_ENTRIES = 2;

  private final UringFeatures features;
  private final int sqEntries;
  private final int cqEntries;

  UringBackend(UringFeatures features, int sqEntries, int cqEntries) {
    this.features = features;
    this.sqEntries = sqEntries;
    this.cqEntries = cqEntries;
  }

  /**
   * Returns the backend, after a check that it works on this machine.
   *
   * @throws UnsupportedOperationException if it does not; the message has the reason and the cure
   */
  public static UringBackend probe() {
    if (!Abi.isSupported()) {
      throw new UnsupportedOperationException(Abi.whyNotSupported("io_uring"));
    }
    try {
      simulateFailure();
      return new UringBackend(probeFeatures(new SystemCalls()), SQ_ENTRIES, CQ_ENTRIES);
    } catch (Ring.SetupException refused) {
      throw new UnsupportedOperationException(explain(refused), refused);
    } catch (IllegalCallerException | LinkageError noNativeAccess) {
      throw new UnsupportedOperationException(Abi.nativeAccessHint("io_uring"), noNativeAccess);
    }
  }

  private static void simulateFailure() throws Ring.SetupException {
    String name = System.getProperty(SIMULATE_PROPERTY, "");
    int errno = name.equals("EPERM") ? Errno.EPERM : name.equals("ENOSYS") ? Errno.ENOSYS : 0;
    if (errno != 0) {
      throw new Ring.SetupException(
          errno, "io_uring_setup: " + Errno.describe(errno) + " (simulated)");
    }
  }

  private static UringFeatures probeFeatures(SystemCalls calls) throws Ring.SetupException {
    try (Ring ring = new Ring(calls, PROBE_ENTRIES, PROBE_ENTRIES)) {
      boolean[] required = ring.probe(Opcode.REQUIRED);
      for (int i = 0; i < required.length; i++) {
        if (!required[i]) {
          throw new Ring.SetupException(
              0, "the kernel's io_uring lacks operation " + Opcode.REQUIRED[i]);
        }
      }
      return new UringFeatures(
          ring.describeSetup() + UringFeatures.describeWithout(),
          ring.probe(Opcode.FTRUNCATE)[0] && UringFeatures.mayUse(UringFeatures.FTRUNCATE),
          ring.isOfLinux519() && UringFeatures.mayUse(UringFeatures.POLL_FIRST),
          ring.isOfLinux519() && UringFeatures.mayUse(UringFeatures.RECEIVE_BUFFERS),
          UringFeatures.mayUse(UringFeatures.PIPES)
              ? deviceOfNonBlockingPipes(calls)
              : UringFeatures.NO_DEVICE,
          ring.defersTaskrun() && UringFeatures.mayUse(UringFeatures.MULTISHOT),
          ring.defersTaskrun() && UringFeatures.mayUse(UringFeatures.SEND_ALL));
    }
  }

  /** Asks the kernel by a read of an empty pipe, which does not wait; see {@link UringFeatures}. */
  private static long deviceOfNonBlockingPipes(SystemCalls calls) {
    if (ProcessCalls.pipe(calls) < 0) {
      return UringFeatures.NO_DEVICE;
    }
    int readEnd = ProcessCalls.readEnd(calls);
    int writeEnd = ProcessCalls.writeEnd(calls);
    try {
      NativeBuffer memory = new NativeBufferPool(1).acquire(Linux.STATX_BYTES);
      int result = calls.readNoWait(readEnd, memory.address(), 1, Linux.AT_POSITION);
      return result == -Errno.EAGAIN ? deviceOf(calls, readEnd, memory) : UringFeatures.NO_DEVICE;
    } finally {
      calls.close(readEnd);
      calls.close(writeEnd);
    }
  }

  /** The device that holds an open file; {@link UringFeatures#NO_DEVICE} if that is not known. */
  static long deviceOf(SystemCalls calls, int fd, NativeBuffer attributes) {
    int flags = Linux.AT_STATX_DONT_SYNC;
    int result = calls.statx(fd, flags, Linux.STATX_TYPE, attributes.address());
    return result < 0 ? UringFeatures.NO_DEVICE : attributes.longAt(Linux.STATX_DEVICE_AT);
  }

  private static String explain(Ring.SetupException refused) {
    String cure =
        switch (refused.errno) {
          case Errno.EPERM ->
              "it is forbidden by a container's seccomp profile (allow io_uring_setup,"
                  + " io_uring_enter and io_uring_register) or by sysctl kernel.io_uring_disabled"
                  + " (set it to 0)";
          case Errno.ENOSYS ->
              "the kernel does not have it, or a sandbox hides it: use Linux 5.15 or newer, built"
                  + " with CONFIG_IO_URING";
          case Errno.ENOMEM -> "raise ulimit -l, the limit of locked memory";
          case Errno.EMFILE -> "raise ulimit -n";
          default -> "use Linux 5.15 or newer";
        };
    return "io_uring cannot be used: " + refused.getMessage() + "; " + cure;
  }

  @Override
  public Poller open(Loop loop) throws IOException {
    SystemCalls calls = new SystemCalls();
    Ring ring;
    try {
      ring = new Ring(calls, sqEntries, cqEntries);
    } catch (Ring.SetupException refused) {
      throw new IOException("the event loop cannot open its ring: " + explain(refused), refused);
    }
    int event = calls.eventfd();
    if (event < 0) {
      ring.close();
      throw new IOException(
          "the event loop cannot open its wake-up event: " + Errno.describe(-event));
    }
    return new UringPoller(loop, calls, ring, new WakeEvent(event), features);
  }

  @Override
  public String name() {
    return "uring";
  }

  @Override
  public String describe() {
    return "uring: io_uring of Linux "
        + System.getProperty("os.version")
        + " ("
        + features.setup()
        + ")";
  }

  @Override
  public Platform platform() {
    return LinuxPlatform.OF_BLOCKING_SOCKETS;
  }
}
