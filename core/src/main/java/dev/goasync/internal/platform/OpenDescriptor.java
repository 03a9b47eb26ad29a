package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;

/**
 * An open descriptor by its number, before it is a file or a socket of ours. What takes it over
 * asks the system first what it is, and takes it only if it is that.
 *
 * <p>All throw IllegalArgumentException, with what it is instead, if it is of another kind, and
 * IOException if there is no such descriptor; it stays open and untouched then.
 */
public interface OpenDescriptor extends Closeable {
  /** The number. */
  int number();

  /** Takes over a file, a pipe or a device. */
  FileHandle toFile() throws IOException;

  /**
   * Takes over a connection.
   *
   * @param unix whether between Unix sockets, else by TCP
   */
  StreamHandle toStream(boolean unix) throws IOException;

  /**
   * Takes over a listening socket.
   *
   * @param unix whether a Unix socket, else of TCP
   */
  ListenerHandle toListener(boolean unix) throws IOException;

  /** Closes what nobody has taken over. Not cancellable. */
  @Override
  void close() throws IOException;
}
