package dev.goasync.internal.sys;

/**
 * System call numbers and the constants that differ between x86-64 and aarch64. From the kernel's
 * {@code arch/x86/entry/syscalls/syscall_64.tbl} and {@code include/uapi/asm-generic}.
 */
public final class Abi {
  private static final String ARCH = System.getProperty("os.arch");
  private static final boolean ARM = ARCH.equals("aarch64");

  // One line per call: number = either(x86-64, aarch64)
  static final int READ = either(0, 63);
  static final int WRITE = either(1, 64);
  static final int CLOSE = either(3, 57);
  static final int LSEEK = either(8, 62);
  static final int RT_SIGACTION = either(13, 134);
  static final int MMAP = either(9, 222);
  static final int MUNMAP = either(11, 215);
  static final int IOCTL = either(16, 29);
  static final int PREAD64 = either(17, 67);
  static final int PWRITE64 = either(18, 68);
  static final int SENDFILE = either(40, 71);
  static final int SOCKET = either(41, 198);
  static final int CONNECT = either(42, 203);
  static final int SENDTO = either(44, 206);
  static final int RECVFROM = either(45, 207);
  static final int SENDMSG = either(46, 211);
  static final int RECVMSG = either(47, 212);
  static final int SHUTDOWN = either(48, 210);
  static final int BIND = either(49, 200);
  static final int LISTEN = either(50, 201);
  static final int GETSOCKNAME = either(51, 204);
  static final int GETPEERNAME = either(52, 205);
  static final int SETSOCKOPT = either(54, 208);
  static final int GETSOCKOPT = either(55, 209);
  static final int CLONE = either(56, 220);
  static final int KILL = either(62, 129);
  static final int FCNTL = either(72, 25);
  static final int FSYNC = either(74, 82);
  static final int FDATASYNC = either(75, 83);
  static final int FTRUNCATE = either(77, 46);
  static final int GETDENTS64 = either(217, 61);
  static final int OPENAT = either(257, 56);
  static final int MKDIRAT = either(258, 34);
  static final int UNLINKAT = either(263, 35);
  static final int READLINKAT = either(267, 78);
  static final int RENAMEAT2 = either(316, 276);
  static final int PPOLL = either(271, 73);
  static final int FADVISE64 = either(221, 223);
  static final int EPOLL_CTL = either(233, 21);
  static final int EPOLL_PWAIT = either(281, 22);
  static final int FALLOCATE = either(285, 47);
  static final int INOTIFY_ADD_WATCH = either(254, 27);
  static final int INOTIFY_RM_WATCH = either(255, 28);
  static final int INOTIFY_INIT1 = either(294, 26);
  static final int ACCEPT4 = either(288, 242);
  static final int EVENTFD2 = either(290, 19);
  static final int EPOLL_CREATE1 = either(291, 20);
  static final int WAITID = either(247, 95);
  static final int PIPE2 = either(293, 59);
  static final int RECVMMSG = either(299, 243);
  static final int SENDMMSG = either(307, 269);
  static final int COPY_FILE_RANGE = either(326, 285);
  static final int PREADV2 = either(327, 286);
  static final int STATX = either(332, 291);
  static final int PIDFD_SEND_SIGNAL = 424;
  static final int PIDFD_OPEN = 434;
  static final int CLOSE_RANGE = 436;
  static final int OPENAT2 = 437;
  static final int EPOLL_PWAIT2 = 441;
  static final int IO_URING_SETUP = 425;
  static final int IO_URING_ENTER = 426;
  static final int IO_URING_REGISTER = 427;

  /** Transfers bypass the page cache; addresses, lengths and offsets must be aligned. */
  public static final int O_DIRECT = either(0x4000, 0x1_0000);

  /** The size of {@code struct epoll_event}, which x86-64 packs. */
  public static final int EPOLL_EVENT_BYTES = either(12, 16);

  /** The offset of the user data in {@code struct epoll_event}. */
  public static final int EPOLL_DATA_AT = either(4, 8);

  /** Fail unless it is a directory. */
  public static final int O_DIRECTORY = either(0x1_0000, 0x4000);

  /** Fail if the last part of the path is a symbolic link. */
  public static final int O_NOFOLLOW = either(0x2_0000, 0x8000);

  private Abi() {}

  /** Whether this is Linux on a processor with a table here. */
  public static boolean isSupported() {
    return System.getProperty("os.name").equals("Linux") && (ARM || ARCH.equals("amd64"));
  }

  /** The message for a machine that is not {@linkplain #isSupported supported}. */
  public static String whyNotSupported(String user) {
    return user
        + " needs Linux on x86-64 or aarch64; this is "
        + System.getProperty("os.name")
        + " on "
        + ARCH;
  }

  /** The message for a program without native access. */
  public static String nativeAccessHint(String user) {
    String module = Abi.class.getModule().isNamed() ? "dev.goasync" : "ALL-UNNAMED";
    return user + " needs native access; start java with --enable-native-access=" + module;
  }

  private static int either(int x86, int aarch64) {
    return ARM ? aarch64 : x86;
  }
}
