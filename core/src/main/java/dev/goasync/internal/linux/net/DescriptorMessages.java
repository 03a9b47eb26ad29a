package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxChannel;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.platform.Targets;
import dev.goasync.internal.sys.Linux;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Passes descriptors along with bytes between Unix sockets. Each operation makes non-blocking
 * attempts, and waits for readiness without holding memory. An attempt is complete, so a cancel
 * never interrupts a half-done operation.
 */
final class DescriptorMessages {
  /** Keeps the number of a descriptor valid while it is passed. */
  private static final class Passing extends Descriptor.Use {
    @Override
    protected void interrupt() {}
  }

  private DescriptorMessages() {}

  /** Sends bytes of {@code source} that fit, and moves its position. */
  static void send(LinuxStream to, ByteBuffer source, List<?> handles) throws IOException {
    for (Object handle : handles) {
      endPrefetchOf(handle);
    }
    List<Descriptor> passed = handles.stream().map(DescriptorMessages::descriptorOf).toList();
    List<Passing> uses = passed.stream().map(_ -> new Passing()).toList();
    int count =
        DescriptorCalls.untilDone(
            to.descriptor,
            Linux.POLLOUT,
            (io, fd) -> {
              try (var message = DescriptorMessage.acquire(io, source.remaining())) {
                message.prepareSend(source, passed.size());
                return send(io, fd, message, passed, uses);
              }
            });
    if (count < 0) {
      throw to.error(-count);
    }
    source.position(source.position() + count);
  }

  /** Ends the prefetch, so that the new owner receives all that comes from now on. */
  private static void endPrefetchOf(Object handle) throws IOException {
    switch (handle) {
      case LinuxStream stream -> stream.endPrefetchToPass();
      case LinuxListener listener -> listener.endPrefetchToPass();
      default -> {}
    }
  }

  private static Descriptor descriptorOf(Object handle) {
    return switch (handle) {
      case LinuxChannel channel -> channel.descriptor;
      case LinuxListener listener -> listener.descriptor;
      default -> throw new IllegalArgumentException(handle + " has no descriptor to pass");
    };
  }

  private static int send(
      LinuxIo io, int fd, DescriptorMessage message, List<Descriptor> passed, List<Passing> uses) {
    int entered = 0;
    try {
      for (; entered < passed.size(); entered++) {
        message.putNumber(entered, enter(passed.get(entered), uses.get(entered)));
      }
      int flags = Linux.MSG_DONTWAIT | Linux.MSG_NOSIGNAL;
      int count = io.calls().sendmsg(fd, message.address(), flags);
      if (count > 0) {
        passed.forEach(Descriptor::markShared);
      }
      return count;
    } finally {
      while (entered-- > 0) {
        passed.get(entered).leave(uses.get(entered), io.calls());
      }
    }
  }

  private static int enter(Descriptor passed, Passing use) {
    try {
      return passed.enter(use);
    } catch (ClosedChannelException closed) {
      throw new IllegalArgumentException(
          "the handle cannot be passed, since it is closed: " + passed, closed);
    }
  }

  /** The received descriptors that have no owner yet. */
  private static final class Received {
    private final int[] numbers =
        new int[Linux.SCM_MAX_FD]; // allocated before descriptors can leak
    private int count;
    private int handedOver;
    private boolean truncated;

    int receive(LinuxIo io, int fd, ByteBuffer target) {
      try (var message = DescriptorMessage.acquire(io, target.remaining())) {
        message.prepareReceive(target.remaining());
        int flags = Linux.MSG_DONTWAIT | Linux.MSG_CMSG_CLOEXEC;
        int bytes = io.calls().recvmsg(fd, message.address(), flags);
        if (bytes >= 0) {
          count = message.takeNumbers(numbers, io.calls());
          truncated = message.isTruncated();
          message.copyTo(target, bytes);
        }
        return bytes;
      }
    }

    void handOver(LinuxStream from, IntConsumer passed) throws IOException {
      try {
        if (truncated) {
          throw new SocketException(
              "some of the passed descriptors were lost, since this process has too many open"
                  + " (close some, or raise ulimit -n); the "
                  + count
                  + " received ones were closed: "
                  + from);
        }
        for (; handedOver < count; handedOver++) {
          passed.accept(numbers[handedOver]);
        }
      } finally {
        if (handedOver < count) {
          closeRest();
        }
      }
    }

    private void closeRest() {
      LinuxIo io = LinuxIo.acquireBlocking();
      try {
        for (; handedOver < count; handedOver++) {
          io.calls().close(numbers[handedOver]);
        }
      } finally {
        io.release();
      }
    }
  }

  /** Receives bytes and descriptors; returns the count of bytes, or -1 at the end. */
  static int receive(LinuxStream from, ByteBuffer target, IntConsumer passed) throws IOException {
    Targets.requireWritable(target);
    if (!target.hasRemaining()) {
      from.descriptor.checkOpen();
      return 0;
    }
    var received = new Received();
    int count =
        DescriptorCalls.untilDone(
            from.descriptor, Linux.POLLIN, (io, fd) -> received.receive(io, fd, target));
    if (count < 0) {
      throw from.error(-count);
    }
    received.handOver(from, passed);
    return count == 0 ? -1 : count;
  }
}
