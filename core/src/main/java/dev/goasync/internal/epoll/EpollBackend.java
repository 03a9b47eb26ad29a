package dev.goasync.internal.epoll;

import dev.goasync.internal.linux.LinuxPlatform;
import dev.goasync.internal.linux.io.WakeEvent;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.platform.Platform;
import dev.goasync.internal.sys.Abi;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;

/** The epoll backend. */
public final class EpollBackend implements Backend {
  private EpollBackend() {}

  /**
   * Returns the backend, after a check that it works on this machine.
   *
   * @throws UnsupportedOperationException if it does not; the message has the reason and the cure
   */
  public static EpollBackend probe() {
    if (!Abi.isSupported()) {
      throw new UnsupportedOperationException(Abi.whyNotSupported("epoll"));
    }
    try {
      SystemCalls calls = new SystemCalls();
      int epoll = calls.epollCreate();
      if (epoll == -Errno.ENOSYS || epoll == -Errno.EPERM) {
        throw new UnsupportedOperationException(
            "epoll cannot be used: " + Errno.describe(-epoll) + "; a sandbox forbids it");
      }
      if (epoll >= 0) { // other errors are temporary, and each loop reports them itself
        calls.close(epoll);
      }
    } catch (IllegalCallerException | LinkageError noNativeAccess) {
      throw new UnsupportedOperationException(Abi.nativeAccessHint("epoll"), noNativeAccess);
    }
    return new EpollBackend();
  }

  @Override
  public Poller open(Loop loop) throws IOException {
    SystemCalls calls = new SystemCalls();
    int epoll = checked(calls.epollCreate());
    int event = calls.eventfd();
    if (event < 0) {
      calls.close(epoll);
    }
    Epoll instance = new Epoll(epoll, calls);
    WakeEvent wakeEvent = new WakeEvent(checked(event));
    int added = instance.add(wakeEvent.fd(), Linux.POLLIN, EpollPoller.WAKE_UP);
    if (added < 0) { // no other thread could wake such a loop
      wakeEvent.close(calls);
      instance.close();
    }
    var _ = checked(added);
    return new EpollPoller(loop, calls, instance, wakeEvent);
  }

  private static int checked(int fd) throws IOException {
    if (fd < 0) {
      throw new IOException(
          "the event loop cannot open its epoll instance: " + Errno.describe(-fd));
    }
    return fd;
  }

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  public String describe() {
    return "epoll: epoll of Linux "
        + System.getProperty("os.version")
        + ", files by worker threads";
  }

  @Override
  public Platform platform() {
    return LinuxPlatform.OF_NON_BLOCKING_SOCKETS;
  }
}
