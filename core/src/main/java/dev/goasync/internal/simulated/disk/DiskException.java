package dev.goasync.internal.simulated.disk;

import dev.goasync.internal.sys.Errno;
import java.io.Serial;

/** An operation on a simulated disk has failed, with the error number of Linux. */
public final class DiskException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final int errno;

  /** An error with that number. */
  public DiskException(int errno) {
    super(Errno.describe(errno), null, false, false);
    this.errno = errno;
  }

  /** The error number. */
  public int errno() {
    return errno;
  }
}
