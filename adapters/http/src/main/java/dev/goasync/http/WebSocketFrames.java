package dev.goasync.http;

import java.nio.ByteBuffer;
import java.util.List;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.enums.Role;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.FramedataImpl1;

/**
 * The frames of RFC 6455, by Java-WebSocket's codec, which does not check that a client masks its
 * frames, and a server does not. Owned by the loop.
 */
final class WebSocketFrames {
  private static final int MASK_BIT = 0x80;
  private static final int LENGTH_BITS = 0x7f;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int MASK_BYTES = 4;

  private final Draft_6455 codec;
  private final boolean server;

  // Follows the frames: how far a head has come, and what is left of the payload.
  private int headAt;
  private int lengthBytes;
  private long left;
  private long pending;

  /**
   * Creates a codec.
   *
   * @param server the side of this codec
   * @param maxBytes of a frame
   */
  WebSocketFrames(boolean server, int maxBytes) {
    this.server = server;
    this.codec = new Draft_6455(List.of(), List.of(), maxBytes);
    this.codec.setParseMode(server ? Role.SERVER : Role.CLIENT);
  }

  /**
   * Decodes what is complete.
   *
   * @param bytes of an array from its start
   * @throws InvalidDataException if the peer breaks the protocol; it has the code of the close
   */
  List<Framedata> decode(ByteBuffer bytes) throws InvalidDataException {
    checkMasks(bytes.duplicate());
    return codec.translateFrame(bytes);
  }

  private void checkMasks(ByteBuffer bytes) throws InvalidDataException {
    while (bytes.hasRemaining()) {
      if (left > 0) {
        int count = (int) Math.min(left, bytes.remaining());
        bytes.position(bytes.position() + count);
        left -= count;
        continue;
      }
      readHead(bytes.get() & 0xff);
    }
  }

  private void readHead(int next) throws InvalidDataException {
    if (headAt == 0) {
      headAt = 1;
    } else if (headAt == 1) {
      if ((next & MASK_BIT) != 0 != server) {
        throw new InvalidDataException(
            CloseFrame.PROTOCOL_ERROR,
            server ? "a frame of the client is not masked" : "a frame of the server is masked");
      }
      int length = next & LENGTH_BITS;
      lengthBytes = length == LENGTH_16 ? 2 : length == LENGTH_64 ? 8 : 0;
      pending = lengthBytes == 0 ? length : 0;
      headAt = 2;
      endHead();
    } else {
      pending = pending << 8 | next;
      lengthBytes--;
      endHead();
    }
  }

  private void endHead() {
    if (lengthBytes == 0) {
      left = Math.max(0, pending) + (server ? MASK_BYTES : 0);
      headAt = 0;
    }
  }

  /** Encodes a complete message or a control frame. */
  ByteBuffer encode(Opcode opcode, ByteBuffer payload) {
    FramedataImpl1 frame = FramedataImpl1.get(opcode);
    frame.setFin(true);
    frame.setPayload(payload);
    return encode(frame);
  }

  /** Encodes a close. */
  ByteBuffer encodeClose(int code, String reason) {
    var frame = new CloseFrame();
    frame.setReason(reason);
    frame.setCode(code);
    return encode(frame);
  }

  private ByteBuffer encode(FramedataImpl1 frame) {
    frame.setTransferemasked(!server);
    return codec.createBinaryFrame(frame);
  }
}
