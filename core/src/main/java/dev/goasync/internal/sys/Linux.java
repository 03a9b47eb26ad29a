package dev.goasync.internal.sys;

/** Constants of the kernel's interface that are the same on x86-64 and aarch64. */
public final class Linux {
  public static final int AT_FDCWD = -100;
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;
  public static final int AT_REMOVEDIR = 0x200;
  public static final int AT_EMPTY_PATH = 0x1000;
  public static final int AT_STATX_DONT_SYNC = 0x4000;

  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_ACCMODE = 3;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_TRUNC = 0x200;
  public static final int O_APPEND = 0x400;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_DSYNC = 0x1000;
  public static final int O_CLOEXEC = 0x8_0000;
  public static final int O_SYNC = 0x10_1000;
  public static final int O_PATH = 0x20_0000;

  /** Links and {@code ..} must stay beneath the directory of the call. */
  public static final int RESOLVE_BENEATH = 8;

  /** The links of {@code /proc} that lead to open files are not followed. */
  public static final int RESOLVE_NO_MAGICLINKS = 2;

  /** Fail with EAGAIN unless the path is in the cache of names (Linux 5.12). */
  public static final int RESOLVE_CACHED = 0x20;

  public static final int DT_UNKNOWN = 0;
  public static final int DT_DIR = 4;
  public static final int DT_REG = 8;
  public static final int DT_LNK = 10;

  public static final int SEEK_SET = 0;
  public static final int SEEK_CUR = 1;

  /** The offset of transfers that use and move the file's position. */
  public static final long AT_POSITION = -1;

  public static final int RWF_NOWAIT = 8;

  public static final int F_SETFD = 2;
  public static final int FD_CLOEXEC = 1;
  public static final int F_GETFL = 3;
  public static final int F_SETFL = 4;
  public static final int F_OFD_SETLK = 37;
  public static final int F_RDLCK = 0;
  public static final int F_WRLCK = 1;
  public static final int F_UNLCK = 2;

  public static final int S_IFMT = 0xF000;
  public static final int S_IFDIR = 0x4000;
  public static final int S_IFREG = 0x8000;
  public static final int S_IFLNK = 0xA000;
  public static final int S_IFSOCK = 0xC000;
  public static final int S_IFBLK = 0x6000;
  public static final int S_IFIFO = 0x1000;

  public static final int STATX_TYPE = 1;
  public static final int STATX_SIZE = 0x200;

  /** All attributes of {@code stat}, and the time of creation. */
  public static final int STATX_BASIC_AND_BIRTH = 0xFFF;

  public static final int STATX_BIRTH = 0x800;
  public static final int STATX_BYTES = 256;
  public static final int STATX_MODE_AT = 28;
  public static final int STATX_INODE_AT = 32;
  public static final int STATX_SIZE_AT = 40;
  public static final int STATX_ACCESSED_AT = 64;
  public static final int STATX_CREATED_AT = 80;
  public static final int STATX_MODIFIED_AT = 112;

  /** The major and minor number of the device that holds the file. */
  public static final int STATX_DEVICE_AT = 136;

  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int SOCK_STREAM = 1;
  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_CLOEXEC = O_CLOEXEC;
  public static final int SOCK_NONBLOCK = O_NONBLOCK;

  public static final int SHUT_RD = 0;
  public static final int SHUT_WR = 1;

  public static final int MSG_OOB = 1;
  public static final int MSG_CTRUNC = 8;
  public static final int MSG_DONTWAIT = 0x40;
  public static final int MSG_WAITALL = 0x100;
  public static final int MSG_NOSIGNAL = 0x4000;
  public static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

  public static final int SCM_RIGHTS = 1;
  public static final int SCM_PIDFD = 4;

  /** The maximum of descriptors in one message. */
  public static final int SCM_MAX_FD = 253;

  public static final int SOL_SOCKET = 1;
  public static final int SO_REUSEADDR = 2;
  public static final int SO_TYPE = 3;
  public static final int SO_ERROR = 4;
  public static final int SO_BROADCAST = 6;
  public static final int SO_SNDBUF = 7;
  public static final int SO_RCVBUF = 8;
  public static final int SO_KEEPALIVE = 9;
  public static final int SO_OOBINLINE = 10;
  public static final int SO_LINGER = 13;
  public static final int SO_REUSEPORT = 15;
  public static final int SO_RCVTIMEO = 20;
  public static final int SO_SNDTIMEO = 21;
  public static final int SO_ACCEPTCONN = 30;
  public static final int SO_DOMAIN = 39;
  public static final int IPPROTO_IP = 0;
  public static final int IP_TOS = 1;
  public static final int IP_MULTICAST_IF = 32;
  public static final int IP_MULTICAST_TTL = 33;
  public static final int IP_MULTICAST_LOOP = 34;
  public static final int MCAST_JOIN_GROUP = 42;
  public static final int MCAST_LEAVE_GROUP = 45;
  public static final int IPPROTO_TCP = 6;
  public static final int TCP_NODELAY = 1;
  public static final int TCP_KEEPIDLE = 4;
  public static final int TCP_KEEPINTVL = 5;
  public static final int TCP_KEEPCNT = 6;
  public static final int TCP_QUICKACK = 12;
  public static final int SO_INCOMING_NAPI_ID = 56;
  public static final int IPPROTO_IPV6 = 41;
  public static final int IPV6_MULTICAST_IF = 17;
  public static final int IPV6_MULTICAST_HOPS = 18;
  public static final int IPV6_MULTICAST_LOOP = 19;
  public static final int IPV6_V6ONLY = 26;
  public static final int IPV6_TCLASS = 67;

  public static final int FIONREAD = 0x541B;

  public static final int POLLIN = 1;
  public static final int POLLOUT = 4;
  public static final int POLLRDHUP = 0x2000;

  public static final int EPOLL_CTL_ADD = 1;
  public static final int EPOLL_CTL_DEL = 2;
  public static final int EPOLL_CTL_MOD = 3;
  public static final int EPOLLPRI = 2;
  public static final int EPOLLERR = 8;
  public static final int EPOLLHUP = 0x10;
  public static final int EPOLLET = 1 << 31;

  public static final int EFD_CLOEXEC = O_CLOEXEC;

  public static final int PROT_READ_WRITE = 3;
  public static final int MAP_SHARED = 1;
  public static final int MAP_PRIVATE = 2;
  public static final int MAP_ANONYMOUS = 0x20;
  public static final int MAP_POPULATE = 0x8000;

  private Linux() {}
}
