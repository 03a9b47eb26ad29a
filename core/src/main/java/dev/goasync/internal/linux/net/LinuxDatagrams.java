package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.platform.DatagramHandle;
import dev.goasync.internal.platform.Targets;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SocketAddresses;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;

/**
 * A datagram socket. Each operation makes non-blocking attempts, and waits for readiness without
 * holding memory.
 */
final class LinuxDatagrams implements DatagramHandle {
  private static final int GROUP_REQUEST_BYTES = 136;
  private static final int GROUP_ADDRESS_AT = 8;

  private final Descriptor descriptor;

  LinuxDatagrams(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  private int untilDone(int events, DescriptorCalls.Attempt operation) throws IOException {
    int result = DescriptorCalls.untilDone(descriptor, events, operation);
    if (result < 0) {
      throw error(-result);
    }
    return result;
  }

  @Override
  public SocketAddress receive(ByteBuffer target) throws IOException {
    Targets.requireWritable(target);
    var sender = new SocketAddress[1];
    receive(
        1,
        target.remaining(),
        (content, remote) -> {
          target.put(content);
          sender[0] = remote;
        });
    return sender[0];
  }

  @Override
  public int receive(int maxCount, int maxBytes, Incoming incoming) throws IOException {
    return untilDone(
        Linux.POLLIN,
        (io, fd) -> {
          try (MessageBlock block = MessageBlock.acquire(io, maxCount, maxBytes)) {
            block.prepareReceive();
            int count = io.calls().recvmmsg(fd, block.address(), block.count(), Linux.MSG_DONTWAIT);
            for (int i = 0; i < count; i++) {
              incoming.accept(block.content(i), block.remote(i));
            }
            return count;
          }
        });
  }

  @Override
  public int send(int count, Outgoing outgoing) throws IOException {
    return untilDone(
        Linux.POLLOUT,
        (io, fd) -> {
          int longest = 0;
          for (int i = 0; i < count; i++) {
            longest = Math.max(longest, outgoing.content(i).remaining());
          }
          try (MessageBlock block = MessageBlock.acquire(io, count, longest)) {
            for (int i = 0; i < block.count(); i++) {
              block.prepareSend(i, outgoing.content(i), outgoing.remote(i));
            }
            int flags = Linux.MSG_DONTWAIT | Linux.MSG_NOSIGNAL;
            return io.calls().sendmmsg(fd, block.address(), block.count(), flags);
          }
        });
  }

  @Override
  public void connect(SocketAddress remote) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer encoded = Memory.allocate(arena, SocketAddresses.MAX_BYTES);
      int length = SocketAddresses.encode(remote, encoded);
      int result =
          DescriptorCalls.with(
              descriptor, (calls, fd) -> calls.connect(fd, Memory.address(encoded), length));
      if (result < 0) {
        throw IoErrors.ofConnect(-result, remote);
      }
    }
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    return DescriptorCalls.isReady(descriptor, direction);
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    DescriptorCalls.awaitReady(descriptor, direction, threadTimeoutNanos);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return Sockets.localAddress(descriptor);
  }

  @Override
  public void setMember(InetAddress group, NetworkInterface on, boolean member) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer request = Memory.allocate(arena, GROUP_REQUEST_BYTES);
      request.putInt(0, on.getIndex());
      var address = new InetSocketAddress(group, 0);
      SocketAddresses.encode(
          address,
          request.slice(GROUP_ADDRESS_AT, SocketAddresses.MAX_BYTES).order(request.order()));
      boolean v6 = SocketAddresses.family(address) == Linux.AF_INET6;
      int level = v6 ? Linux.IPPROTO_IPV6 : Linux.IPPROTO_IP;
      int option = member ? Linux.MCAST_JOIN_GROUP : Linux.MCAST_LEAVE_GROUP;
      int result =
          DescriptorCalls.with(
              descriptor,
              (calls, fd) ->
                  calls.setsockopt(
                      fd, level, option, Memory.address(request), GROUP_REQUEST_BYTES));
      if (result < 0) {
        throw IoErrors.ofSocket(-result, group + " on " + on.getName() + " at " + descriptor);
      }
    }
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    DatagramOptions.set(descriptor, option, value);
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return DatagramOptions.get(descriptor, option);
  }

  private IOException error(int errno) {
    return errno == Errno.ECONNREFUSED
        ? new PortUnreachableException(Errno.describe(errno) + ": the peer of " + descriptor)
        : IoErrors.ofSocket(errno, descriptor);
  }

  @Override
  public void close() throws IOException {
    DescriptorCalls.close(descriptor);
  }

  @Override
  public String toString() {
    return descriptor.toString();
  }
}
