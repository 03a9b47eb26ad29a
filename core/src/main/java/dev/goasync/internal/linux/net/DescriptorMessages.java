package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxChannel;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.sys.Linux;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Passes descriptors along with bytes, between Unix sockets. Each operation tries without waiting,
 * and waits for readiness without holding memory; what one try has done is all done, so that a
 * cancel finds nothing begun.
 */
final class DescriptorMessages {
  /** A descriptor is being passed: its number stays what it is. */
  private static final class Passing extends Descriptor.Use {
    @Override
    protected void interrupt() {}
  }

  private DescriptorMessages() {}

  /** Sends what fits of {@code source}, and moves its position. */
  static void send(LinuxStream to, ByteBuffer source, List<?> handles) throws IOException {
    for (Object handle : handles) {
      endIntakeOf(handle);
    }
    List<Descriptor> passed = handles.stream().map(DescriptorMessages::descriptorOf).toList();
    List<Passing> uses = passed.stream().map(_ -> new Passing()).toList();
    int count =
        DescriptorCalls.untilDone(
            to.descriptor,
            Linux.POLLOUT,
            (io, fd) -> {
              try (var message = DescriptorMessage.take(io, source.remaining())) {
                message.prepareSend(source, passed.size());
                return send(io, fd, message, passed, uses);
              }
            });
    if (count < 0) {
      throw to.error(-count);
    }
    source.position(source.position() + count);
  }

  /** What comes from now on comes to whoever has the descriptor. */
  private static void endIntakeOf(Object handle) throws IOException {
    switch (handle) {
      case LinuxStream stream -> stream.endIntakeToPass();
      case LinuxListener listener -> listener.endIntakeToPass();
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
      throw new IllegalArgumentException("cannot be passed, as it is closed: " + passed, closed);
    }
  }

  /** What came with the bytes, as long as nobody has taken it. */
  private static final class Received {
    private final int[] numbers = new int[Linux.SCM_MAX_FD]; // made before there is what could leak
    private int count;
    private int handedOver;
    private boolean cut;

    int receive(LinuxIo io, int fd, ByteBuffer target) {
      try (var message = DescriptorMessage.take(io, target.remaining())) {
        message.prepareReceive(target.remaining());
        int flags = Linux.MSG_DONTWAIT | Linux.MSG_CMSG_CLOEXEC;
        int bytes = io.calls().recvmsg(fd, message.address(), flags);
        if (bytes >= 0) {
          count = message.takeNumbers(numbers, io.calls());
          cut = message.isCut();
          message.copyTo(target, bytes);
        }
        return bytes;
      }
    }

    void handOver(LinuxStream from, IntConsumer passed) throws IOException {
      try {
        if (cut) {
          throw new SocketException(
              "descriptors that came could not be taken, as this process has too many open (close"
                  + " some, or raise ulimit -n); the "
                  + count
                  + " that could are closed: "
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

  /** Receives at most as many bytes as there is room for; returns the count, or -1 at the end. */
  static int receive(LinuxStream from, ByteBuffer target, IntConsumer passed) throws IOException {
    LinuxChannel.checkWritable(target);
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
