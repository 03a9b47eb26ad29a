package dev.goasync.internal.sys;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Converts an errno to the exception that the JDK throws for it. */
public final class IoErrors {
  private IoErrors() {}

  /** The exception of a call on a file. */
  public static FileSystemException ofFile(int errno, String path) {
    return switch (errno) {
      case Errno.ENOENT -> new NoSuchFileException(path);
      case Errno.EEXIST -> new FileAlreadyExistsException(path);
      case Errno.EACCES -> new AccessDeniedException(path);
      default -> new FileSystemException(path, null, Errno.describe(errno));
    };
  }

  /** The exception of a connect. */
  public static IOException ofConnect(int errno, Object remote) {
    String message = Errno.describe(errno) + ": " + remote;
    return switch (errno) {
      case Errno.EHOSTUNREACH -> new NoRouteToHostException(message);
      case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL -> new BindException(message);
      case Errno.ECONNREFUSED, Errno.ETIMEDOUT, Errno.ENETUNREACH, Errno.EACCES, Errno.EPERM ->
          new ConnectException(message);
      default -> new SocketException(message);
    };
  }

  /** The exception of a bind or listen. */
  public static IOException ofBind(int errno, Object local) {
    String message = Errno.describe(errno) + ": " + local;
    return switch (errno) {
      case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES, Errno.EPERM ->
          new BindException(message);
      default -> new SocketException(message);
    };
  }

  /** The exception of any other call on a socket; the message ends with the address. */
  public static SocketException ofSocket(int errno, Object address) {
    return new SocketException(Errno.describe(errno) + ": " + address);
  }
}
