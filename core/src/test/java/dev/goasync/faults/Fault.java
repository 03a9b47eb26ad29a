package dev.goasync.faults;

import dev.goasync.internal.sys.Errno;

/** The injected result of a call. */
enum Fault {
  EINTR(Errno.EINTR),
  EAGAIN(Errno.EAGAIN),
  ENOENT(Errno.ENOENT),
  ENOMEM(Errno.ENOMEM),
  EMFILE(Errno.EMFILE),
  ECONNRESET(Errno.ECONNRESET),
  ECANCELED(Errno.ECANCELED),

  /** The kernel does not have the call. */
  ENOSYS(Errno.ENOSYS),

  /** A seccomp profile denies the call. */
  EPERM(Errno.EPERM),

  /** Half the bytes are moved. */
  SHORT(0);

  final int errno;

  Fault(int errno) {
    this.errno = errno;
  }
}
