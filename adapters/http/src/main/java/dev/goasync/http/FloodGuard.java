package dev.goasync.http;

import org.apache.hc.core5.http2.frame.FrameFlag;
import org.apache.hc.core5.http2.frame.FrameType;
import org.apache.hc.core5.http2.frame.RawFrame;

/**
 * Counts the frames of an HTTP/2 connection that cost work and carry nothing (RFC 9113, 10.5):
 * resets, pings, settings, priorities, empty data. Each tick of the connection forgives. Owned by
 * the loop.
 */
final class FloodGuard {
  /** Resets within a tick, in either direction. */
  static final int MAX_RESETS = 200;

  /** Other such frames within a tick. */
  static final int MAX_OTHERS = 1000;

  private int resets;
  private int others;

  void count(RawFrame frame) {
    switch (FrameType.valueOf(frame.getType())) {
      case RST_STREAM -> resets++;
      case PING, SETTINGS, PRIORITY, PRIORITY_UPDATE -> others++;
      case DATA -> {
        if (frame.getLength() == 0 && !frame.isFlagSet(FrameFlag.END_STREAM)) {
          others++;
        }
      }
      case null, default -> {
        // limited by windows, by the number of streams or by HttpCore
      }
    }
  }

  /** Counts a reset that the connection sends: a client can provoke it as well. */
  void countSent(RawFrame frame) {
    if (frame.getType() == FrameType.RST_STREAM.getValue()) {
      resets++;
    }
  }

  boolean isExceeded() {
    return resets > MAX_RESETS || others > MAX_OTHERS;
  }

  void forgive() {
    resets = 0;
    others = 0;
  }
}
