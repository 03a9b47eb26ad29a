package dev.goasync.internal.simulated;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The way from one host to another: what happens to its messages. */
final class Link {
  /** No message arrives. */
  boolean cut;

  /** Messages are kept until the link is released. */
  boolean held;

  /** Null for the latency of the network. */
  @Nullable Latency latency;

  /** The probability that a datagram is lost, from 0 to 1; -1 for that of the network. */
  double loss = -1;

  /** The messages that are kept, oldest first. */
  final Deque<Message> kept = new ArrayDeque<>();
}
