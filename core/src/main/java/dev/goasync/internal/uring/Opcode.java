package dev.goasync.internal.uring;

/** The opcodes of io_uring in use; Linux 5.15 has all but {@link #FTRUNCATE}. */
final class Opcode {
  static final int NOP = 0;
  static final int FSYNC = 3;
  static final int POLL_ADD = 6;
  static final int ACCEPT = 13;
  static final int ASYNC_CANCEL = 14;
  static final int CONNECT = 16;
  static final int OPENAT = 18;
  static final int CLOSE = 19;
  static final int READ = 22;
  static final int WRITE = 23;
  static final int SEND = 26;
  static final int RECV = 27;
  static final int OPENAT2 = 28;

  /** Linux 6.9. */
  static final int FTRUNCATE = 55;

  static final int[] REQUIRED = {
    FSYNC, POLL_ADD, ACCEPT, ASYNC_CANCEL, CONNECT, OPENAT, CLOSE, READ, WRITE, SEND, RECV, OPENAT2
  };

  private Opcode() {}

  /** Describes the operation on any descriptor such that the text can follow "waits for". */
  static String kind(int opcode) {
    return describe(opcode) + " a descriptor";
  }

  /** Whether the length of the submission is a number of bytes that the caller wants or sends. */
  static boolean transfersBytes(int opcode) {
    return opcode == READ || opcode == WRITE || opcode == SEND || opcode == RECV;
  }

  /** Describes the operation such that the text can follow "waits for". */
  static String describe(int opcode) {
    return switch (opcode) {
      case POLL_ADD -> "an event at";
      case FSYNC -> "the device to have";
      case ACCEPT -> "a connection to";
      case CONNECT -> "the connection to";
      case OPENAT, OPENAT2 -> "the opening of";
      case CLOSE -> "the closing of";
      case READ, RECV -> "bytes from";
      case WRITE, SEND -> "room to write to";
      case FTRUNCATE -> "the cutting of";
      default -> "operation " + opcode + " on";
    };
  }
}
