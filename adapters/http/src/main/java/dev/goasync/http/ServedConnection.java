package dev.goasync.http;

/** A connection of a server. */
interface ServedConnection {
  /**
   * Ends the connection after the requests that it answers now; at once if it answers none. Any
   * thread.
   */
  void drain();
}
