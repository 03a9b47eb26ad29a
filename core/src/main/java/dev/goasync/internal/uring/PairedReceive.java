package dev.goasync.internal.uring;

/** A wait for bytes that are to come in answer to what is being sent. */
interface PairedReceive {
  /** The send has ended early: ends the wait with -ECANCELED, unless bytes have come. */
  void abort();
}
