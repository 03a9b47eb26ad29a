package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.linux.io.NativeBufferPool;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SocketAddresses;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for several datagrams: an array of {@code mmsghdr}, then for each an {@code iovec},
 * an address and the bytes. For one system call.
 */
final class MessageBlock implements AutoCloseable {
  // struct mmsghdr: a struct msghdr, and the count of bytes moved
  private static final int HEADER_BYTES = 64;
  private static final int NAME_LENGTH_AT = 8;
  private static final int VECTOR_AT = 16;
  private static final int VECTOR_COUNT_AT = 24;
  private static final int MOVED_AT = 56;

  private static final int VECTOR_BYTES = 16;
  private static final int BYTES_EACH = HEADER_BYTES + VECTOR_BYTES + SocketAddresses.MAX_BYTES;

  private final LinuxIo io;
  private final @Nullable NativeBuffer buffer;
  private final ByteBuffer bytes;
  private final long address;
  private final int count;
  private final int maxBytes;

  private MessageBlock(
      LinuxIo io, @Nullable NativeBuffer buffer, ByteBuffer bytes, int count, int maxBytes) {
    this.io = io;
    this.buffer = buffer;
    this.bytes = bytes;
    this.address = Memory.address(bytes);
    this.count = count;
    this.maxBytes = maxBytes;
  }

  /** Acquires memory for up to {@code maxCount} datagrams, as many as fit, but at least one. */
  static MessageBlock acquire(LinuxIo io, int maxCount, int maxBytes) {
    long each = BYTES_EACH + (long) maxBytes;
    int count = Math.clamp(NativeBufferPool.LARGE / each, 1, maxCount);
    if (count * each > NativeBufferPool.LARGE) {
      return new MessageBlock(io, null, Memory.allocate(Math.toIntExact(each)), 1, maxBytes);
    }
    NativeBuffer buffer = io.acquireBuffer((int) (count * each));
    return new MessageBlock(io, buffer, buffer.bytes(), count, maxBytes);
  }

  /** How many datagrams fit. */
  int count() {
    return count;
  }

  /** The address of the headers. */
  long address() {
    return address;
  }

  void prepareReceive() {
    for (int i = 0; i < count; i++) {
      prepare(i, SocketAddresses.MAX_BYTES, maxBytes);
    }
  }

  void prepareSend(int i, ByteBuffer content, @Nullable SocketAddress remote) throws IOException {
    int nameLength = 0;
    if (remote != null) {
      nameLength =
          SocketAddresses.encode(
              remote,
              bytes.slice(nameAt(i), SocketAddresses.MAX_BYTES).order(ByteOrder.nativeOrder()));
    }
    bytes.put(dataAt(i), content, content.position(), content.remaining());
    prepare(i, nameLength, content.remaining());
  }

  private void prepare(int i, int nameLength, int length) {
    int header = i * HEADER_BYTES;
    int vector = count * HEADER_BYTES + i * VECTOR_BYTES;
    for (int at = 0; at < HEADER_BYTES; at += Long.BYTES) {
      bytes.putLong(header + at, 0);
    }
    bytes.putLong(header, nameLength == 0 ? 0 : address + nameAt(i));
    bytes.putInt(header + NAME_LENGTH_AT, nameLength);
    bytes.putLong(header + VECTOR_AT, address + vector);
    bytes.putLong(header + VECTOR_COUNT_AT, 1);
    bytes.putLong(vector, address + dataAt(i));
    bytes.putLong(vector + Long.BYTES, length);
  }

  private int nameAt(int i) {
    return count * (HEADER_BYTES + VECTOR_BYTES) + i * SocketAddresses.MAX_BYTES;
  }

  private int dataAt(int i) {
    return count * BYTES_EACH + i * maxBytes;
  }

  /** The content of a received datagram; valid until the block is closed. */
  ByteBuffer content(int i) {
    return bytes.slice(dataAt(i), bytes.getInt(i * HEADER_BYTES + MOVED_AT)).asReadOnlyBuffer();
  }

  /** The sender of a received datagram. */
  SocketAddress remote(int i) {
    return SocketAddresses.decode(
        bytes, nameAt(i), bytes.getInt(i * HEADER_BYTES + NAME_LENGTH_AT));
  }

  @Override
  public void close() {
    if (buffer != null) {
      io.releaseBuffer(buffer);
    }
  }
}
