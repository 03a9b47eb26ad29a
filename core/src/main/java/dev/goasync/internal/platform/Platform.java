package dev.goasync.internal.platform;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Factory of a backend's handles: files, sockets, processes, terminals. Each method pauses a
 * coroutine and blocks any other thread.
 */
public interface Platform {
  /**
   * Opens or creates a file.
   *
   * @param attributes set if the file is created
   * @throws IOException as {@link java.nio.channels.FileChannel#open} throws
   */
  FileHandle openFile(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException;

  /**
   * Opens a directory, to use paths beneath it.
   *
   * @throws java.nio.file.NotDirectoryException if it is a file of another kind
   */
  DirectoryHandle openDirectory(Path path) throws IOException;

  /**
   * Connects a stream socket, TCP or Unix by the type of the address.
   *
   * @param local the local address, port 0 for any free one; null lets the kernel choose
   * @throws java.net.BindException if {@code local} is in use or not an address of this machine;
   *     the message names it
   * @throws java.net.ConnectException if refused; the message names the address
   */
  StreamHandle connect(SocketAddress remote, @Nullable SocketAddress local) throws IOException;

  /**
   * Opens a TCP socket, for IPv6 and IPv4 where the machine has both.
   *
   * @param listening true for a socket that will listen, which gets {@code SO_REUSEADDR}; false for
   *     one that will connect
   */
  UnconnectedHandle openTcp(boolean listening) throws IOException;

  /**
   * Listens for connections, TCP or Unix by the type of the address.
   *
   * @param local port 0 for any free one
   * @param backlog how many connections may wait for an accept
   * @param sharePort whether several listeners may share the port ({@code SO_REUSEPORT})
   * @throws java.net.BindException if the address is in use or not one of this machine; the message
   *     names it
   */
  ListenerHandle listen(SocketAddress local, int backlog, boolean sharePort) throws IOException;

  /**
   * Opens a datagram socket, UDP or Unix by the type of the address.
   *
   * @param local port 0 for any free one; a Unix socket with the empty path has no name
   * @param sharePort whether several sockets may share the port ({@code SO_REUSEADDR} and {@code
   *     SO_REUSEPORT})
   * @throws java.net.BindException if the address is in use or not one of this machine; the message
   *     names it
   */
  DatagramHandle openDatagrams(SocketAddress local, boolean sharePort) throws IOException;

  /**
   * Opens a standard stream of this process.
   *
   * @param number 0 for input, 1 for output, 2 for errors; on Linux any open descriptor
   * @param name the stream's name in messages
   */
  PipeHandle.Standard standardStream(int number, String name) throws IOException;

  /** Opens a pipe, whose two ends are in this process. */
  PipeHandle.Ends openPipe() throws IOException;

  /** Opens a watch, which has no directories yet. */
  WatchHandle openWatch() throws IOException;

  /**
   * Wraps a descriptor that another library owns, to wait for its readiness. The descriptor must
   * stay open until the handle is closed.
   *
   * @throws IOException if the number is not open
   * @throws UnsupportedOperationException if the platform has no descriptors
   */
  Pollable.Handle pollable(int fd) throws IOException;

  /**
   * Wraps an open descriptor that is to get an owner in this library.
   *
   * @throws IllegalArgumentException if {@code fd} is negative
   * @throws UnsupportedOperationException if the platform has no descriptors
   */
  OpenDescriptor openDescriptor(int fd);

  /**
   * The address of a Unix socket in the abstract namespace.
   *
   * @throws UnsupportedOperationException if the platform has no abstract namespace
   */
  SocketAddress abstractAddress(String name);

  /** Deletes the file of a Unix socket that was closed, if it is there. Not cancellable. */
  default void removeSocketFile(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * Starts a child process; returns once the child executes its program.
   *
   * @throws java.nio.file.NoSuchFileException if the command, directory or a file does not exist
   * @throws java.nio.file.AccessDeniedException if the permissions of one of them do not suffice
   * @throws java.nio.file.FileSystemException for any other reason, which the message names
   * @throws UnsupportedOperationException if the platform cannot do what the specification asks for
   */
  ChildHandle launch(LaunchSpec spec) throws IOException;

  /**
   * The controlling terminal of this process, or null if it has none.
   *
   * @throws UnsupportedOperationException if the platform has no access to terminals
   */
  @Nullable TerminalHandle terminal();
}
