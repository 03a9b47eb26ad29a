package dev.goasync.internal.uring;

/** A wait for the bytes that the peer sends in response to a send which is under way. */
interface PairedReceive {
  /** The send ended early: ends the wait with -ECANCELED unless bytes have come. */
  void abort();
}
