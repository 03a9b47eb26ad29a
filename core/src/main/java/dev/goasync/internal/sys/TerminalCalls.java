package dev.goasync.internal.sys;

import java.nio.ByteBuffer;

/** System calls of terminals. Each returns its result or -errno. */
public final class TerminalCalls {
  /** The size of {@code struct termios} as the kernel has it. */
  public static final int MODE_BYTES = 36;

  private static final int TCGETS = 0x5401;
  private static final int TCSETS = 0x5402;
  private static final int TIOCGWINSZ = 0x5413;
  private static final int TIOCSWINSZ = 0x5414;
  private static final int TIOCGPTN = 0x8004_5430;
  private static final int TIOCGDEV = 0x8004_5432;
  private static final int TIOCSPTLCK = 0x4004_5431;

  private static final int LFLAG_AT = 12;
  private static final int OFLAG_AT = 4;
  private static final int CFLAG_AT = 8;
  private static final int CHARACTERS_AT = 17;
  private static final int VTIME = 5;
  private static final int VMIN = 6;

  // The flags that cfmakeraw(3) clears.
  private static final int RAW_IFLAGS_OFF = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;
  private static final int RAW_OFLAGS_OFF = 0x1;
  private static final int RAW_LFLAGS_OFF = 0x1 | 0x2 | 0x8 | 0x40 | 0x8000;
  private static final int CSIZE_AND_PARITY = 0x30 | 0x100;
  private static final int EIGHT_BITS = 0x30;

  private TerminalCalls() {}

  private static int ioctl(SystemCalls calls, int fd, int request) {
    return calls.call(Abi.IOCTL, fd, request & 0xFFFF_FFFFL, calls.scratchAddress());
  }

  /** Unlocks the slave of a pseudo terminal; returns its number in {@code /dev/pts}. */
  public static int unlockPts(SystemCalls calls, int fd) {
    calls.scratch().putInt(0, 0);
    int result = ioctl(calls, fd, TIOCSPTLCK);
    result = result < 0 ? result : ioctl(calls, fd, TIOCGPTN);
    return result < 0 ? result : calls.scratch().getInt(0);
  }

  /** Returns whether the descriptor is a terminal but not the master of a pseudo terminal. */
  public static boolean isTerminal(SystemCalls calls, int fd) {
    return ioctl(calls, fd, TCGETS) == 0 && ioctl(calls, fd, TIOCGPTN) < 0;
  }

  /** Returns the device number of a terminal, also of one that was opened as /dev/tty. */
  public static int deviceNumber(SystemCalls calls, int fd) {
    int result = ioctl(calls, fd, TIOCGDEV);
    return result < 0 ? result : calls.scratch().getInt(0);
  }

  /** Sets the size in characters; on a change the foreground group gets SIGWINCH. */
  public static int setSize(SystemCalls calls, int fd, int columns, int rows) {
    calls.scratch().putLong(0, 0);
    calls.scratch().putShort(0, (short) rows);
    calls.scratch().putShort(2, (short) columns);
    return ioctl(calls, fd, TIOCSWINSZ);
  }

  /** Reads the size, which {@link #columns} and {@link #rows} return. */
  public static int getSize(SystemCalls calls, int fd) {
    return ioctl(calls, fd, TIOCGWINSZ);
  }

  /** The rows that {@link #getSize} read. */
  public static int rows(SystemCalls calls) {
    return calls.scratch().getShort(0) & 0xFFFF;
  }

  /** The columns that {@link #getSize} read. */
  public static int columns(SystemCalls calls) {
    return calls.scratch().getShort(2) & 0xFFFF;
  }

  /** Copies the terminal's mode to {@code mode}; fails if the file is not a terminal. */
  public static int getMode(SystemCalls calls, int fd, byte[] mode) {
    int result = ioctl(calls, fd, TCGETS);
    calls.scratch().get(0, mode, 0, MODE_BYTES);
    return result;
  }

  /** Sets the mode at once. */
  public static int setMode(SystemCalls calls, int fd, byte[] mode) {
    calls.scratch().put(0, mode, 0, MODE_BYTES);
    return ioctl(calls, fd, TCSETS);
  }

  /** Returns the raw mode for a mode, as {@code cfmakeraw}: keys are read at once, unprocessed. */
  public static byte[] raw(byte[] mode) {
    byte[] raw = mode.clone();
    ByteBuffer fields = ByteBuffer.wrap(raw).order(java.nio.ByteOrder.nativeOrder());
    fields.putInt(0, fields.getInt(0) & ~RAW_IFLAGS_OFF);
    fields.putInt(OFLAG_AT, fields.getInt(OFLAG_AT) & ~RAW_OFLAGS_OFF);
    fields.putInt(CFLAG_AT, (fields.getInt(CFLAG_AT) & ~CSIZE_AND_PARITY) | EIGHT_BITS);
    fields.putInt(LFLAG_AT, fields.getInt(LFLAG_AT) & ~RAW_LFLAGS_OFF);
    fields.put(CHARACTERS_AT + VMIN, (byte) 1);
    fields.put(CHARACTERS_AT + VTIME, (byte) 0);
    return raw;
  }
}
