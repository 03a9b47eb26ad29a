package dev.goasync.internal.simulated;

/** What travels from one host to another. The methods run on the world's thread. */
interface Message {
  /** The message has arrived at a host that is up. */
  void arrive(HostRun target);

  /** The link is cut, or the host is down. The sender does not know that yet. */
  void lost();
}
