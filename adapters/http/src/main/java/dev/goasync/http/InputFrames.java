package dev.goasync.http;

import java.nio.ByteBuffer;
import org.apache.hc.core5.http2.frame.FrameFlag;
import org.apache.hc.core5.http2.frame.FrameType;

/** Follows the bytes of an HTTP/2 connection to know whether a frame is complete. */
final class InputFrames {
  private static final int HEAD_BYTES = 9;
  private static final int TYPE_INDEX = 3;
  private static final int FLAGS_INDEX = 4;
  private static final int LENGTH_SHIFT = 8;

  private final byte[] head = new byte[HEAD_BYTES];
  private int headCount;
  private int payloadLeft;
  private boolean fieldsContinue;

  /** Goes over the bytes that follow. */
  void advance(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      if (payloadLeft > 0) {
        int count = Math.min(payloadLeft, bytes.remaining());
        bytes.position(bytes.position() + count);
        payloadLeft -= count;
      } else {
        head[headCount++] = bytes.get();
        if (headCount == HEAD_BYTES) {
          beginPayload();
        }
      }
    }
  }

  private void beginPayload() {
    headCount = 0;
    payloadLeft = ByteBuffer.wrap(head).getInt() >>> LENGTH_SHIFT;
    int type = head[TYPE_INDEX];
    if (type == FrameType.HEADERS.getValue() || type == FrameType.CONTINUATION.getValue()) {
      fieldsContinue = (head[FLAGS_INDEX] & FrameFlag.END_HEADERS.getValue()) == 0;
    }
  }

  /** Whether a frame of any type may come next. */
  boolean isBoundary() {
    return headCount == 0 && payloadLeft == 0 && !fieldsContinue;
  }
}
