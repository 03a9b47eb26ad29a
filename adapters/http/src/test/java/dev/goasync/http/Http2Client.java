package dev.goasync.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http2.frame.FrameFlag;
import org.apache.hc.core5.http2.frame.FrameType;
import org.apache.hc.core5.http2.frame.RawFrame;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;

/** A client that sends frames as they are, by the JDK's blocking socket and without TLS. */
final class Http2Client implements AutoCloseable {
  static final int END_STREAM = FrameFlag.END_STREAM.getValue();
  static final int END_HEADERS = FrameFlag.END_HEADERS.getValue();
  static final int ACK = FrameFlag.ACK.getValue();

  private static final int TIMEOUT_MILLIS = 60_000;

  final Socket socket;
  private final DataInputStream input;
  private final HPackEncoder encoder = new HPackEncoder(0, ISO_8859_1);

  /** Connects and sends the preface and empty settings. */
  Http2Client(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    input = new DataInputStream(socket.getInputStream());
    socket.getOutputStream().write(Http2Preface.TEXT.getBytes(ISO_8859_1));
    send(FrameType.SETTINGS, 0, 0);
  }

  /** Sends a frame. */
  void send(FrameType type, int flags, int stream, int... payload) throws IOException {
    byte[] bytes = new byte[payload.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) payload[i];
    }
    send(type, flags, stream, bytes);
  }

  void send(FrameType type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt(payload.length << 8 | type.getValue()).put((byte) flags).putInt(stream);
    socket.getOutputStream().write(frame.put(payload).array());
  }

  /** Sends a head with the fields "name: value". */
  void sendHead(int stream, boolean end, String... fields) throws IOException {
    send(FrameType.HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, encode(fields));
  }

  byte[] encode(String... fields) throws IOException {
    List<Header> headers = new ArrayList<>();
    for (String each : fields) {
      int colon = each.indexOf(':', 1);
      headers.add(
          new BasicHeader(each.substring(0, colon), each.substring(colon + 1).stripLeading()));
    }
    var encoded = new ByteArrayBuffer(256);
    encoder.encodeHeaders(encoded, headers, false);
    return encoded.toByteArray();
  }

  void get(int stream, String path) throws IOException {
    sendHead(stream, true, ":method: GET", ":scheme: http", ":path: " + path, ":authority: a");
  }

  void post(int stream, String path, String... more) throws IOException {
    List<String> fields =
        new ArrayList<>(
            List.of(":method: POST", ":scheme: http", ":path: " + path, ":authority: a"));
    fields.addAll(List.of(more));
    sendHead(stream, false, fields.toArray(String[]::new));
  }

  /** Reads a frame. */
  RawFrame read() throws IOException {
    int lengthAndType = input.readInt();
    int flags = input.readByte();
    int stream = input.readInt();
    byte[] payload = new byte[lengthAndType >>> 8];
    input.readFully(payload);
    return new RawFrame(lengthAndType & 0xff, flags, stream, ByteBuffer.wrap(payload));
  }

  /** Reads up to a frame of this type, which it returns. */
  RawFrame readUntil(FrameType type) throws IOException {
    while (true) {
      RawFrame frame = read();
      if (frame.getType() == type.getValue()) {
        return frame;
      }
    }
  }

  /** Reads the data of a stream to its end. */
  String readBody(int stream) throws IOException {
    var text = new StringBuilder();
    while (true) {
      RawFrame frame = read();
      if (frame.getStreamId() == stream && frame.getType() == FrameType.DATA.getValue()) {
        text.append(ISO_8859_1.decode(frame.getPayload()));
      }
      if (frame.getStreamId() == stream && frame.getType() == FrameType.RST_STREAM.getValue()) {
        throw new EOFException("the stream was reset by " + frame.getPayload().getInt());
      }
      if (frame.getStreamId() == stream && frame.isFlagSet(FrameFlag.END_STREAM)) {
        return text.toString();
      }
    }
  }

  /** Reads up to a reset or the end of the connection, and returns the code of the error. */
  int readError() throws IOException {
    while (true) {
      RawFrame frame = read();
      if (frame.getType() == FrameType.RST_STREAM.getValue()) {
        return frame.getPayload().getInt();
      }
      if (frame.getType() == FrameType.GOAWAY.getValue()) {
        return frame.getPayload().getInt(4);
      }
    }
  }

  /** Reads to the end of the connection; returns whether there was one without an error. */
  boolean readToEnd() throws IOException {
    while (true) {
      try {
        var _ = read();
      } catch (EOFException end) {
        return true;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
