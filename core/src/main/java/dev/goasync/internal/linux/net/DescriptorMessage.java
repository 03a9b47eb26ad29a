package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.linux.io.NativeBufferPool;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.nio.ByteBuffer;

/**
 * Native memory for a message with descriptors: a {@code msghdr}, an {@code iovec}, control
 * messages and the bytes. For one system call.
 */
final class DescriptorMessage implements AutoCloseable {
  // struct msghdr
  private static final int VECTOR_POINTER_AT = 16;
  private static final int VECTOR_COUNT_AT = 24;
  private static final int CONTROL_POINTER_AT = 32;
  private static final int CONTROL_LENGTH_AT = 40;
  private static final int FLAGS_AT = 48;
  private static final int HEADER_BYTES = 56;

  private static final int VECTOR_AT = HEADER_BYTES;

  // struct cmsghdr: length, level and type; then the numbers of the descriptors
  private static final int CONTROL_AT = VECTOR_AT + 16;
  private static final int LEVEL_AT = 8;
  private static final int TYPE_AT = 12;
  private static final int NUMBERS_AT = 16;

  /** After the maximum of descriptors and other control messages. */
  private static final int DATA_AT = 2048;

  private final LinuxIo io;
  private final NativeBuffer buffer;
  private final ByteBuffer memory;

  private DescriptorMessage(LinuxIo io, NativeBuffer buffer) {
    this.io = io;
    this.buffer = buffer;
    this.memory = buffer.bytes();
  }

  /** Acquires memory for a message of up to {@code bytes} bytes. */
  static DescriptorMessage acquire(LinuxIo io, int bytes) {
    int wanted = DATA_AT + Math.min(bytes, NativeBufferPool.LARGE - DATA_AT);
    return new DescriptorMessage(io, io.acquireBuffer(wanted));
  }

  /** The address of the header. */
  long address() {
    return buffer.address();
  }

  private int room() {
    return buffer.capacity() - DATA_AT;
  }

  /** Copies the bytes of {@code source} that fit; its position does not move. */
  void prepareSend(ByteBuffer source, int descriptors) {
    int length = Math.min(source.remaining(), room());
    buffer.copyFrom(source, length, DATA_AT);
    prepare(length, aligned(NUMBERS_AT + descriptors * Integer.BYTES));
    memory.putLong(CONTROL_AT, NUMBERS_AT + descriptors * Integer.BYTES);
    memory.putInt(CONTROL_AT + LEVEL_AT, Linux.SOL_SOCKET);
    memory.putInt(CONTROL_AT + TYPE_AT, Linux.SCM_RIGHTS);
  }

  /** Sets the {@code i}-th descriptor to send. */
  void putNumber(int i, int fd) {
    memory.putInt(CONTROL_AT + NUMBERS_AT + i * Integer.BYTES, fd);
  }

  /** Prepares the receive of at most {@code maxBytes} bytes. */
  void prepareReceive(int maxBytes) {
    prepare(Math.min(maxBytes, room()), DATA_AT - CONTROL_AT);
  }

  private void prepare(int length, int controlLength) {
    for (int at = 0; at < HEADER_BYTES; at += Long.BYTES) {
      memory.putLong(at, 0);
    }
    memory.putLong(VECTOR_POINTER_AT, address() + VECTOR_AT);
    memory.putLong(VECTOR_COUNT_AT, 1);
    memory.putLong(CONTROL_POINTER_AT, address() + CONTROL_AT);
    memory.putLong(CONTROL_LENGTH_AT, controlLength);
    memory.putLong(VECTOR_AT, address() + DATA_AT);
    memory.putLong(VECTOR_AT + Long.BYTES, length);
  }

  /**
   * Stores the received descriptors in {@code numbers} and returns their count. There is at most
   * one control message with descriptors, since the kernel ends a receive after its bytes.
   */
  int takeNumbers(int[] numbers, SystemCalls calls) {
    int count = 0;
    int end = CONTROL_AT + (int) memory.getLong(CONTROL_LENGTH_AT);
    for (int at = CONTROL_AT; at + NUMBERS_AT <= end; ) {
      int length = (int) memory.getLong(at);
      if (memory.getInt(at + LEVEL_AT) == Linux.SOL_SOCKET) {
        int type = memory.getInt(at + TYPE_AT);
        for (int number = at + NUMBERS_AT; number < at + length; number += Integer.BYTES) {
          if (type == Linux.SCM_RIGHTS) {
            numbers[count++] = memory.getInt(number);
          } else if (type == Linux.SCM_PIDFD) { // requested by the previous owner of the socket
            calls.close(memory.getInt(number));
          }
        }
      }
      at += aligned(length);
    }
    return count;
  }

  private static int aligned(int length) {
    return (length + Long.BYTES - 1) & -Long.BYTES;
  }

  /** Whether the process had no room for some of the descriptors. */
  boolean isTruncated() {
    return (memory.getInt(FLAGS_AT) & Linux.MSG_CTRUNC) != 0;
  }

  /** Copies the received bytes. */
  void copyTo(ByteBuffer target, int count) {
    target.put(target.position(), memory, DATA_AT, count);
    target.position(target.position() + count);
  }

  @Override
  public void close() {
    io.releaseBuffer(buffer);
  }
}
