package dev.goasync.interop.faults;

/** What happens to the connections of a {@link FaultyProxy}. */
enum Fault {
  /** Answers are held back until the proxy is healed. */
  SLOW,
  /** Connections are closed, and new ones are refused until the proxy is healed. */
  DOWN,
  /** Connections are closed; new ones are accepted. */
  RESTARTED,
  /** The first half of an answer is passed on, then the connection is reset. */
  RESET
}
