package dev.goasync.internal.sys;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * System calls, with the memory that a call needs: errno and small structures.
 *
 * <p>One thread at a time uses an object; its owner ensures that. A loop has one object for all its
 * coroutines, since no coroutine pauses within a call. Each method is the call of its name and
 * returns the result or -errno. Addresses are those of native memory.
 */
public final class SystemCalls {
  private static final int ERRNO_BYTES = 4;
  private static final int SCRATCH_BYTES = 256;
  private static final int SIGNAL_SET_BYTES = 8;

  // Layout of the scratch memory during a call.
  private static final int LENGTH_AT = 128;
  private static final int OPTION_AT = 136;

  private final MemorySegment errno;
  private final ByteBuffer errnoBytes;
  private final ByteBuffer scratch;
  private final long scratchAddress;

  /** Allocates the memory, which is freed with the object. */
  public SystemCalls() {
    errnoBytes = Memory.allocate(ERRNO_BYTES);
    errno = MemorySegment.ofBuffer(errnoBytes);
    scratch = Memory.allocate(SCRATCH_BYTES);
    scratchAddress = Memory.address(scratch);
  }

  long call(int number, long a, long b, long c, long d, long e, long f) {
    return Faults.ON
        ? callOrFail(number, a, b, c, d, e, f)
        : Libc.syscall(errno, errnoBytes, number, a, b, c, d, e, f);
  }

  int call(int number, long a, long b, long c) {
    return (int) call(number, a, b, c, 0, 0, 0);
  }

  /** Applies {@link Faults}. A close that fails has closed, and a connect has started. */
  private long callOrFail(int number, long a, long b, long c, long d, long e, long f) {
    boolean vectored = number == Abi.PREADV2;
    int verdict = Faults.decide(Faults.Site.SYSTEM_CALL, number, vectored ? scratch.getLong(8) : c);
    if (verdict < 0 && number != Abi.CLOSE && number != Abi.CONNECT) {
      return verdict;
    }
    if (verdict > 0 && vectored) {
      scratch.putLong(8, verdict);
    }
    long third = verdict > 0 && !vectored ? verdict : c;
    long result = Libc.syscall(errno, errnoBytes, number, a, b, third, d, e, f);
    return verdict < 0 ? verdict : result;
  }

  // ---- files ----

  /** Opens the NUL-terminated path at {@code path}, relative to the working directory. */
  public int openat(long path, int flags, int mode) {
    return (int) call(Abi.OPENAT, Linux.AT_FDCWD, path, flags, mode, 0, 0);
  }

  /** Removes a file's name. */
  public int unlinkat(long path) {
    return call(Abi.UNLINKAT, Linux.AT_FDCWD, path, 0);
  }

  /** Closes. On Linux the descriptor is closed even on failure, so a close is never repeated. */
  public int close(int fd) {
    return call(Abi.CLOSE, fd, 0, 0);
  }

  /** Reads at {@code offset}, or at the file's position. */
  public int read(int fd, long address, int length, long offset) {
    return offset == Linux.AT_POSITION
        ? call(Abi.READ, fd, address, length)
        : (int) call(Abi.PREAD64, fd, address, length, offset, 0, 0);
  }

  /** Writes at {@code offset}, or at the file's position. */
  public int write(int fd, long address, int length, long offset) {
    return offset == Linux.AT_POSITION
        ? call(Abi.WRITE, fd, address, length)
        : (int) call(Abi.PWRITE64, fd, address, length, offset, 0, 0);
  }

  /** Reads bytes that are in the page cache; returns -EAGAIN if there are none. */
  public int readNoWait(int fd, long address, int length, long offset) {
    scratch.putLong(0, address);
    scratch.putLong(8, length);
    return (int) call(Abi.PREADV2, fd, scratchAddress, 1, offset, 0, Linux.RWF_NOWAIT);
  }

  /** Moves the file's position. */
  public long lseek(int fd, long offset, int whence) {
    return call(Abi.LSEEK, fd, offset, whence, 0, 0, 0);
  }

  /** Flushes to the device; only the content if {@code dataOnly}. */
  public int fsync(int fd, boolean dataOnly) {
    return call(dataOnly ? Abi.FDATASYNC : Abi.FSYNC, fd, 0, 0);
  }

  /** Sets the file's size. */
  public int ftruncate(int fd, long size) {
    return call(Abi.FTRUNCATE, fd, size, 0);
  }

  /** Reserves space; the file grows if it ends before that. */
  public int fallocate(int fd, long offset, long length) {
    return (int) call(Abi.FALLOCATE, fd, 0, offset, length, 0, 0);
  }

  /** Announces how a part of a file will be used; returns -errno or 0. */
  public int fadvise(int fd, long offset, long length, int advice) {
    return (int) call(Abi.FADVISE64, fd, offset, length, advice, 0, 0);
  }

  /**
   * Sets or removes a lock of the open file (not of the process); returns -EAGAIN if another lock
   * overlaps.
   *
   * @param length 0 for the rest of the file
   */
  public int lock(int fd, int type, long start, long length) {
    scratch.putLong(0, type); // struct flock {short type, whence; int pad; long start, len; pid}
    scratch.putLong(8, start);
    scratch.putLong(16, length);
    scratch.putLong(24, 0);
    return call(Abi.FCNTL, fd, Linux.F_OFD_SETLK, scratchAddress);
  }

  /** Copies from {@code offset} of one file to the position of another, which moves. */
  public long copyFileRange(int in, long offset, int out, long length) {
    scratch.putLong(0, offset);
    return call(Abi.COPY_FILE_RANGE, in, scratchAddress, out, 0, length, 0);
  }

  /** Sends from {@code offset} of a file to a socket. */
  public long sendfile(int socket, int file, long offset, long length) {
    scratch.putLong(0, offset);
    return call(Abi.SENDFILE, socket, file, scratchAddress, length, 0, 0);
  }

  /**
   * Reads the attributes of an open file that {@code mask} selects.
   *
   * @param target {@link Linux#STATX_BYTES} bytes
   */
  public int statx(int fd, int flags, int mask, long target) {
    scratch.putLong(0, 0); // the empty path
    return (int) call(Abi.STATX, fd, scratchAddress, flags | Linux.AT_EMPTY_PATH, mask, target, 0);
  }

  // ---- sockets ----

  /** Opens a socket of the family and type, closed on exec. */
  public int socket(int family, int type, boolean blocking) {
    int flags = Linux.SOCK_CLOEXEC | (blocking ? 0 : Linux.SOCK_NONBLOCK);
    return call(Abi.SOCKET, family, type | flags, 0);
  }

  /** Connects to the encoded address. */
  public int connect(int fd, long address, int length) {
    return call(Abi.CONNECT, fd, address, length);
  }

  /** Binds to the encoded address. */
  public int bind(int fd, long address, int length) {
    return call(Abi.BIND, fd, address, length);
  }

  /** Listens. */
  public int listen(int fd, int backlog) {
    return call(Abi.LISTEN, fd, backlog, 0);
  }

  /** Accepts a connection; its descriptor is closed on exec. */
  public int accept(int fd) {
    return (int) call(Abi.ACCEPT4, fd, 0, 0, Linux.SOCK_CLOEXEC, 0, 0);
  }

  /** Receives. */
  public int recv(int fd, long address, int length, int flags) {
    return (int) call(Abi.RECVFROM, fd, address, length, flags, 0, 0);
  }

  /** Sends. */
  public int send(int fd, long address, int length, int flags) {
    return (int) call(Abi.SENDTO, fd, address, length, flags, 0, 0);
  }

  /** Receives several messages, whose {@code mmsghdr}s lie at {@code headers}. */
  public int recvmmsg(int fd, long headers, int count, int flags) {
    return (int) call(Abi.RECVMMSG, fd, headers, count, flags, 0, 0);
  }

  /** Sends several messages, whose {@code mmsghdr}s lie at {@code headers}. */
  public int sendmmsg(int fd, long headers, int count, int flags) {
    return (int) call(Abi.SENDMMSG, fd, headers, count, flags, 0, 0);
  }

  /** Receives a message, whose {@code msghdr} lies at {@code header}. */
  public int recvmsg(int fd, long header, int flags) {
    return call(Abi.RECVMSG, fd, header, flags);
  }

  /** Sends a message, whose {@code msghdr} lies at {@code header}. */
  public int sendmsg(int fd, long header, int flags) {
    return call(Abi.SENDMSG, fd, header, flags);
  }

  /** Sends one urgent byte without waiting. */
  public int sendUrgent(int fd, byte value) {
    scratch.put(OPTION_AT, value);
    int flags = Linux.MSG_OOB | Linux.MSG_DONTWAIT | Linux.MSG_NOSIGNAL;
    return send(fd, scratchAddress + OPTION_AT, 1, flags);
  }

  /** Returns how many received bytes are unread, or -errno. */
  public int available(int fd) {
    int result = call(Abi.IOCTL, fd, Linux.FIONREAD, scratchAddress + OPTION_AT);
    return result < 0 ? result : optionInt(0);
  }

  /** Shuts down one direction. */
  public int shutdown(int fd, int how) {
    return call(Abi.SHUTDOWN, fd, how, 0);
  }

  /** Stores the local address in {@link #scratch}. */
  public int getsockname(int fd) {
    return address(Abi.GETSOCKNAME, fd);
  }

  /** Stores the peer's address in {@link #scratch}. */
  public int getpeername(int fd) {
    return address(Abi.GETPEERNAME, fd);
  }

  private int address(int number, int fd) {
    scratch.putInt(LENGTH_AT, LENGTH_AT);
    return call(number, fd, scratchAddress, scratchAddress + LENGTH_AT);
  }

  /** The length of the address that was returned last. */
  int addressLength() {
    return scratch.getInt(LENGTH_AT);
  }

  long scratchAddress() {
    return scratchAddress;
  }

  /** The results of the last call; valid until the next call. */
  public ByteBuffer scratch() {
    return scratch;
  }

  /** Sets an option of two ints; the second is ignored unless {@code bytes} is 8. */
  public int setsockopt(int fd, int level, int name, int first, int second, int bytes) {
    scratch.putInt(OPTION_AT, first);
    scratch.putInt(OPTION_AT + 4, second);
    return (int) call(Abi.SETSOCKOPT, fd, level, name, scratchAddress + OPTION_AT, bytes, 0);
  }

  /** Sets an option of {@code bytes} bytes at {@code address}. */
  public int setsockopt(int fd, int level, int name, long address, int bytes) {
    return (int) call(Abi.SETSOCKOPT, fd, level, name, address, bytes, 0);
  }

  /** Sets an option of one int. */
  public int setsockopt(int fd, int level, int name, int value) {
    return setsockopt(fd, level, name, value, 0, 4);
  }

  /**
   * Limits how long a call that moves bytes, or an accept, blocks inside the kernel.
   *
   * @param name {@link Linux#SO_RCVTIMEO} or {@link Linux#SO_SNDTIMEO}
   */
  public int setTimeout(int fd, int name, int microseconds) {
    scratch.putLong(OPTION_AT, 0);
    scratch.putLong(OPTION_AT + 8, microseconds);
    return setsockopt(fd, Linux.SOL_SOCKET, name, scratchAddress + OPTION_AT, 16);
  }

  /** Reads an option of one or two ints, which {@link #optionInt} returns. */
  public int getsockopt(int fd, int level, int name, int bytes) {
    scratch.putInt(LENGTH_AT, bytes);
    return (int)
        call(
            Abi.GETSOCKOPT,
            fd,
            level,
            name,
            scratchAddress + OPTION_AT,
            scratchAddress + LENGTH_AT,
            0);
  }

  /** The first or second int that {@link #getsockopt} read. */
  public int optionInt(int index) {
    return scratch.getInt(OPTION_AT + 4 * index);
  }

  /** The flags of an open file, or -errno. */
  public int getFlags(int fd) {
    return call(Abi.FCNTL, fd, Linux.F_GETFL, 0);
  }

  /** Sets the flags of an open file that can change: O_APPEND, O_DIRECT, O_NONBLOCK. */
  public int setFlags(int fd, int flags) {
    return call(Abi.FCNTL, fd, Linux.F_SETFL, flags);
  }

  /** Marks a descriptor as closed on exec. */
  public int setCloseOnExec(int fd) {
    return call(Abi.FCNTL, fd, Linux.F_SETFD, Linux.FD_CLOEXEC);
  }

  /** Sets or clears O_NONBLOCK. */
  public int setNonBlocking(int fd, boolean on) {
    int flags = getFlags(fd);
    if (flags < 0) {
      return flags;
    }
    int wanted = on ? flags | Linux.O_NONBLOCK : flags & ~Linux.O_NONBLOCK;
    return setFlags(fd, wanted);
  }

  // ---- waiting ----

  /** Creates an event counter, blocking, closed on exec. */
  public int eventfd() {
    return call(Abi.EVENTFD2, 0, Linux.EFD_CLOEXEC, 0);
  }

  /** Adds one to an event counter. */
  public int signalEvent(int fd) {
    scratch.putLong(0, 1);
    return call(Abi.WRITE, fd, scratchAddress, 8);
  }

  /** Resets an event counter that is not zero. */
  public int resetEvent(int fd) {
    return call(Abi.READ, fd, scratchAddress, 8);
  }

  /**
   * Waits until one of two descriptors is ready, {@code event} for reading, for at most {@code
   * nanos} nanoseconds, or without end if that is {@link Long#MAX_VALUE}.
   *
   * @return the number of ready descriptors, which {@link #wasReady} identifies; 0 if the time
   *     expired; or -errno
   */
  public int poll(int fd, int events, int event, long nanos) {
    putPollEntry(0, fd, events);
    putPollEntry(8, event, Linux.POLLIN);
    scratch.putLong(16, nanos / 1_000_000_000);
    scratch.putLong(24, nanos % 1_000_000_000);
    long limit = nanos == Long.MAX_VALUE ? 0 : scratchAddress + 16;
    return (int) call(Abi.PPOLL, scratchAddress, 2, limit, 0, SIGNAL_SET_BYTES, 0);
  }

  /** Checks readiness without waiting: 1 if ready or broken, 0 if not, or -errno. */
  public int pollNow(int fd, int events) {
    putPollEntry(0, fd, events);
    scratch.putLong(8, 0); // timeout 0, in seconds and nanoseconds
    scratch.putLong(16, 0);
    return (int) call(Abi.PPOLL, scratchAddress, 1, scratchAddress + 8, 0, SIGNAL_SET_BYTES, 0);
  }

  private void putPollEntry(int at, int fd, int events) {
    scratch.putInt(at, fd);
    scratch.putShort(at + 4, (short) events);
    scratch.putShort(at + 6, (short) 0);
  }

  /** Whether the first or second descriptor of the last {@link #poll} was ready or broken. */
  public boolean wasReady(int index) {
    return scratch.getShort(8 * index + 6) != 0;
  }

  // ---- epoll ----

  /** Creates an epoll instance, closed on exec. */
  public int epollCreate() {
    return call(Abi.EPOLL_CREATE1, Linux.O_CLOEXEC, 0, 0);
  }

  /** Adds, changes or removes a descriptor; its events carry {@code data}. */
  public int epollCtl(int epoll, int operation, int fd, int events, long data) {
    scratch.putInt(0, events);
    scratch.putLong(Abi.EPOLL_DATA_AT, data);
    return (int) call(Abi.EPOLL_CTL, epoll, operation, fd, scratchAddress, 0, 0);
  }

  /** Waits for events, at most {@code milliseconds}, or without end if that is -1. */
  public int epollWait(int epoll, long events, int maxEvents, int milliseconds) {
    return (int) call(Abi.EPOLL_PWAIT, epoll, events, maxEvents, milliseconds, 0, SIGNAL_SET_BYTES);
  }

  /** Waits for events, at most {@code nanos} nanoseconds (Linux 5.11). */
  public int epollWaitNanos(int epoll, long events, int maxEvents, long nanos) {
    scratch.putLong(0, nanos / 1_000_000_000);
    scratch.putLong(8, nanos % 1_000_000_000);
    return (int)
        call(Abi.EPOLL_PWAIT2, epoll, events, maxEvents, scratchAddress, 0, SIGNAL_SET_BYTES);
  }

  // ---- io_uring and memory ----

  /** Sets up a ring. */
  public int ioUringSetup(int entries, long parameters) {
    return call(Abi.IO_URING_SETUP, entries, parameters, 0);
  }

  /** Submits and waits. */
  public int ioUringEnter(
      int fd, int submit, int wait, int flags, long argument, int argumentBytes) {
    return (int) call(Abi.IO_URING_ENTER, fd, submit, wait, flags, argument, argumentBytes);
  }

  /** Registers a resource with a ring. */
  public int ioUringRegister(int fd, int what, long argument, int count) {
    return (int) call(Abi.IO_URING_REGISTER, fd, what, argument, count, 0, 0);
  }

  /** Maps memory for reading and writing. */
  public long mmap(long length, int flags, int fd, long offset) {
    return call(Abi.MMAP, 0, length, Linux.PROT_READ_WRITE, flags, fd, offset);
  }

  /** Unmaps memory. */
  public int munmap(long address, long length) {
    return call(Abi.MUNMAP, address, length, 0);
  }
}
