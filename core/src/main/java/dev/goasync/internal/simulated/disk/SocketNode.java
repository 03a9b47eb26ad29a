package dev.goasync.internal.simulated.disk;

/** The file of a Unix socket. It stays when the socket is closed, until it is deleted. */
public final class SocketNode extends Node {
  SocketNode(Disk disk, int mode) {
    super(disk, mode);
  }

  @Override
  public long size() {
    return 0;
  }
}
