package dev.goasync.http;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http2.frame.FrameType;
import org.apache.hc.core5.http2.frame.RawFrame;
import org.apache.hc.core5.http2.impl.nio.H2StreamListener;

/** Sees the frames and the decoded fields of an HTTP/2 connection. Owned by the loop. */
final class Http2Frames implements H2StreamListener {
  private final FloodGuard flood;
  private List<? extends Header> lastFields = List.of();
  private boolean malformed;
  private boolean goingAway;
  private int lastSent;

  Http2Frames(FloodGuard flood) {
    this.flood = flood;
  }

  /** Returns the fields that were decoded last: those of the request that is being created. */
  List<? extends Header> lastFields() {
    return lastFields;
  }

  /** Whether a frame was malformed in a way that HttpCore does not see. */
  boolean isMalformed() {
    return malformed;
  }

  /** Returns the stream whose fields were sent last: that of the request that is being sent. */
  int lastSent() {
    return lastSent;
  }

  /** Whether the peer has announced the end of the connection. */
  boolean isGoingAway() {
    return goingAway;
  }

  /** RFC 9113, 6.1 and 6.2; HttpCore takes the length of the padding for a signed number. */
  private static boolean isPaddedBeyondItsEnd(RawFrame frame) {
    boolean canHavePadding =
        frame.getType() == FrameType.DATA.getValue()
            || frame.getType() == FrameType.HEADERS.getValue();
    ByteBuffer payload = frame.getPayload();
    return canHavePadding
        && frame.isPadded()
        && payload != null
        && (payload.get(payload.position()) & 0xff) >= payload.remaining();
  }

  @Override
  public void onHeaderInput(
      HttpConnection connection, int streamId, List<? extends Header> headers) {
    lastFields = headers;
  }

  @Override
  public void onHeaderOutput(
      HttpConnection connection, int streamId, List<? extends Header> headers) {
    lastSent = streamId;
  }

  @Override
  public void onFrameInput(HttpConnection connection, int streamId, RawFrame frame) {
    flood.count(frame);
    goingAway |= frame.getType() == FrameType.GOAWAY.getValue();
    malformed |= isPaddedBeyondItsEnd(frame);
  }

  @Override
  public void onFrameOutput(HttpConnection connection, int streamId, RawFrame frame) {
    flood.countSent(frame);
  }

  @Override
  public void onInputFlowControl(
      HttpConnection connection, int streamId, int delta, int actualSize) {}

  @Override
  public void onOutputFlowControl(
      HttpConnection connection, int streamId, int delta, int actualSize) {}
}
