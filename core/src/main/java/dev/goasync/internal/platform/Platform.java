package dev.goasync.internal.platform;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a backend can open. All methods suit their caller (see the package). */
public interface Platform {
  /**
   * Opens or creates a file.
   *
   * @param attributes of a new file
   * @throws IOException as {@link java.nio.channels.FileChannel#open} would throw it
   */
  FileHandle openFile(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException;

  /**
   * Connects a stream, by TCP or between Unix sockets, as the address is.
   *
   * @param local our end's address, port 0 for any free one; null leaves it to the system
   * @throws java.net.BindException if {@code local} is in use or not ours; the message names it
   * @throws java.net.ConnectException if refused; the message names the address
   */
  StreamHandle connect(SocketAddress remote, @Nullable SocketAddress local) throws IOException;

  /**
   * Opens a socket of TCP, for both families where there are both.
   *
   * @param listening whether it is to listen, else to connect; one that listens may have an address
   *     whose connections linger ({@code SO_REUSEADDR})
   */
  UnconnectedHandle openTcp(boolean listening) throws IOException;

  /**
   * Listens for connections, by TCP or between Unix sockets, as the address is.
   *
   * @param local port 0 for any free one
   * @param backlog connections that may wait to be accepted
   * @param sharePort whether several listeners may share the port ({@code SO_REUSEPORT})
   * @throws java.net.BindException if the address is in use or not ours; the message names it
   */
  ListenerHandle listen(SocketAddress local, int backlog, boolean sharePort) throws IOException;

  /**
   * Opens a socket of datagrams, by UDP or between Unix sockets, as the address is.
   *
   * @param local port 0 for any free one; a Unix socket with the empty path has no name
   * @param sharePort whether several may share the port ({@code SO_REUSEADDR} and {@code
   *     SO_REUSEPORT})
   * @throws java.net.BindException if the address is in use or not ours; the message names it
   */
  DatagramHandle openDatagrams(SocketAddress local, boolean sharePort) throws IOException;

  /**
   * One of the three streams that the process was started with.
   *
   * @param number 0 for input, 1 for output, 2 for errors; where descriptors are known, any
   * @param name for messages
   */
  StandardHandle standardStream(int number, String name) throws IOException;

  /** Begins to watch folders, of which there are none yet. */
  WatchHandle openWatch() throws IOException;

  /**
   * A descriptor of somebody else's, to wait for; it must stay open until the handle is closed.
   *
   * @throws IOException if there is no such descriptor
   * @throws UnsupportedOperationException if there are none here
   */
  PollableHandle pollable(int fd) throws IOException;

  /**
   * An open descriptor, to be taken over.
   *
   * @throws IllegalArgumentException if {@code fd} is negative
   * @throws UnsupportedOperationException if there are none here
   */
  OpenDescriptor openDescriptor(int fd);

  /**
   * The address of a Unix socket that has no file.
   *
   * @throws UnsupportedOperationException if there is no such thing here
   */
  SocketAddress abstractAddress(String name);

  /**
   * Starts a child process, and returns when it runs its program.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such command, directory or file
   * @throws java.nio.file.AccessDeniedException if one of them may not be used so
   * @throws java.nio.file.FileSystemException for any other reason, which it gives
   * @throws UnsupportedOperationException if there is no such thing here
   */
  ChildHandle launch(LaunchSpec spec) throws IOException;

  /**
   * The terminal that this process was started in, or null if there is none.
   *
   * @throws UnsupportedOperationException if that cannot be known here
   */
  @Nullable TerminalHandle terminal();
}
