package dev.goasync.http;

import dev.goasync.GoAsync;
import dev.goasync.sync.Mutex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.java_websocket.enums.Opcode;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket connection (RFC 6455), of a server or a client.
 *
 * <pre>{@code
 * HttpHandler echo = exchange -> {
 *   WebSocket socket = exchange.webSocket();
 *   for (WebSocket.Message message; (message = socket.receive()) != null; ) {
 *     if (message instanceof WebSocket.Text text) {
 *       socket.send("you sent " + text.text());
 *     }
 *   }
 * };
 * }</pre>
 *
 * <p>Messages are received whole, up to the limit of 256 KiB; a longer one closes the connection. A
 * ping of the peer is answered while the program receives. Messages are not compressed.
 *
 * <p><b>Threads.</b> Coroutines of one loop: one receives, any send.
 *
 * <p><b>Errors.</b> {@link IOException} if the connection ends without a close, or the peer breaks
 * the protocol, which closes the connection with a code that says the reason.
 *
 * <p><b>Cancellation.</b> A cancelled receive loses nothing. A cancelled send that has begun to
 * write ends the connection, since the peer could not find the next frame.
 */
public final class WebSocket implements AutoCloseable {
  /** A message. */
  public sealed interface Message {}

  /**
   * A message of text.
   *
   * @param text the whole text
   */
  public record Text(String text) implements Message {}

  /**
   * A message of bytes.
   *
   * @param bytes the whole message
   */
  public record Binary(ByteBuffer bytes) implements Message {}

  /** The code of a close when all is well. */
  public static final int NORMAL = 1000;

  /** The code of a close when a server stops, or a browser leaves the page. */
  public static final int GOING_AWAY = 1001;

  static final int MAX_MESSAGE_BYTES = 256 * 1024;

  private static final int INPUT_BYTES = 4096;
  private static final int MIN_CODE = 1000;
  private static final int MAX_CODE = 4999;
  private static final int MAX_REASON_BYTES = 123;
  private static final int NO_CODE = 1005;

  private final WebSocketTransport transport;
  private final WebSocketFrames frames;
  private final Mutex sending = new Mutex();
  private final Deque<Framedata> received = new ArrayDeque<>();
  private final byte[] input = new byte[INPUT_BYTES];
  private @Nullable Opcode fragmentsOf;
  private ByteBuffer fragments = ByteBuffer.allocate(0);
  private boolean closeSent;
  private boolean ended;
  private int closeCode = NO_CODE;
  private String closeReason = "";

  WebSocket(WebSocketTransport transport, boolean server) {
    this.transport = transport;
    this.frames = new WebSocketFrames(server, MAX_MESSAGE_BYTES);
  }

  // ---- receiving ----

  /**
   * Waits for a message.
   *
   * @return null when the peer has closed the connection; see {@link #closeCode}
   */
  public @Nullable Message receive() throws IOException {
    try {
      while (!ended) {
        Framedata frame = next();
        Message message = frame == null ? null : accept(frame);
        if (message != null) {
          return message;
        }
      }
      return null;
    } catch (InvalidDataException broken) {
      fail(broken.getCloseCode(), String.valueOf(broken.getMessage()));
      throw new IOException("the peer breaks the protocol: " + broken.getMessage(), broken);
    }
  }

  private @Nullable Framedata next() throws IOException, InvalidDataException {
    while (received.isEmpty()) {
      int count = transport.read(input);
      if (count < 0) {
        ended = true;
        transport.close();
        if (closeSent) {
          return null;
        }
        throw new IOException("the connection ended without a close");
      }
      received.addAll(frames.decode(ByteBuffer.wrap(input, 0, count)));
    }
    return received.remove();
  }

  private @Nullable Message accept(Framedata frame) throws IOException, InvalidDataException {
    switch (frame.getOpcode()) {
      case PING -> sendFrame(Opcode.PONG, frame.getPayloadData());
      case PONG -> {
        // an answer, or unasked; both need nothing
      }
      case CLOSING -> acceptClose((CloseFrame) frame);
      case CONTINUOUS, TEXT, BINARY -> {
        return acceptData(frame);
      }
    }
    return null;
  }

  private void acceptClose(CloseFrame frame) throws IOException {
    ended = true;
    closeCode = frame.getCloseCode();
    closeReason = Objects.requireNonNullElse(frame.getMessage(), "");
    sendClose(closeCode == NO_CODE ? NORMAL : closeCode, "");
    transport.close();
  }

  private @Nullable Message acceptData(Framedata frame) throws InvalidDataException {
    Opcode opcode = fragmentsOf;
    if ((opcode != null) != (frame.getOpcode() == Opcode.CONTINUOUS)) {
      throw new InvalidDataException(
          CloseFrame.PROTOCOL_ERROR, "a message begins within another, or continues none");
    }
    if (opcode == null && frame.isFin()) {
      return message(frame.getOpcode(), frame.getPayloadData());
    }
    append(frame.getPayloadData());
    if (!frame.isFin()) {
      fragmentsOf = opcode == null ? frame.getOpcode() : opcode;
      return null;
    }
    ByteBuffer whole = fragments.flip();
    fragmentsOf = null;
    fragments = ByteBuffer.allocate(0);
    return message(opcode == null ? Opcode.BINARY : opcode, whole);
  }

  private void append(ByteBuffer payload) throws InvalidDataException {
    int wanted = fragments.position() + payload.remaining();
    if (wanted > MAX_MESSAGE_BYTES) {
      throw new InvalidDataException(CloseFrame.TOOBIG, "a message is too long");
    }
    if (wanted > fragments.capacity()) {
      fragments =
          ByteBuffer.allocate(Math.min(MAX_MESSAGE_BYTES, Math.max(wanted, 2 * wanted)))
              .put(fragments.flip());
    }
    fragments.put(payload);
  }

  private static Message message(Opcode opcode, ByteBuffer payload) throws InvalidDataException {
    if (opcode == Opcode.BINARY) {
      return new Binary(payload);
    }
    try {
      return new Text(StandardCharsets.UTF_8.newDecoder().decode(payload).toString());
    } catch (CharacterCodingException malformed) {
      throw new InvalidDataException(CloseFrame.NO_UTF8, "a text is not UTF-8", malformed);
    }
  }

  /** Returns the code of the peer's close; 1005 if it had none, or before a close. */
  public int closeCode() {
    return closeCode;
  }

  /** Returns the reason of the peer's close; empty if it had none. */
  public String closeReason() {
    return closeReason;
  }

  // ---- sending ----

  /**
   * Sends a text.
   *
   * @throws IllegalStateException if this side has closed the connection
   */
  public void send(String text) throws IOException {
    sendFrame(Opcode.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Sends the remaining bytes as one message.
   *
   * @throws IllegalStateException if this side has closed the connection
   */
  public void send(ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    sendFrame(Opcode.BINARY, ByteBuffer.wrap(copy));
  }

  /** Sends a ping, which the peer answers, so that neither side takes the connection for idle. */
  public void ping() throws IOException {
    sendFrame(Opcode.PING, ByteBuffer.allocate(0));
  }

  private void sendFrame(Opcode opcode, ByteBuffer payload) throws IOException {
    sending.<IOException>withLock(() -> {
      if (closeSent) {
        if (opcode == Opcode.PONG) {
          return;
        }
        throw new IllegalStateException("this side has closed the WebSocket");
      }
      write(frames.encode(opcode, payload));
    });
  }

  private void write(ByteBuffer frame) throws IOException {
    int length = frame.remaining();
    boolean written = false;
    try {
      transport.write(frame);
      written = true;
    } finally {
      if (!written && frame.remaining() < length) {
        closeSent = true;
        ended = true;
        GoAsync.shielded(transport::abort);
      }
    }
  }

  private void sendClose(int code, String reason) throws IOException {
    sending.<IOException>withLock(() -> {
      if (!closeSent) {
        closeSent = true;
        write(frames.encodeClose(code, reason));
      }
    });
  }

  private void fail(int code, String reason) {
    ended = true;
    try {
      sendClose(code, reason.length() > MAX_REASON_BYTES / 2 ? "" : reason);
      transport.close();
    } catch (IOException gone) {
      // the failure that was found first is thrown
    }
  }

  /**
   * Sends a close. The peer answers it, and {@link #receive} then returns null; messages that the
   * peer has sent before can be received until then. Closing again has no effect.
   *
   * @param code {@link #NORMAL}, or another code in 1000..4999 that a program may send
   * @param reason at most 123 bytes of UTF-8
   * @throws IllegalArgumentException if the code or the reason cannot be sent
   */
  public void close(int code, String reason) throws IOException {
    if (code < MIN_CODE || code > MAX_CODE || (code >= 1004 && code <= 1006) || code == 1015) {
      throw new IllegalArgumentException("this code cannot be sent: " + code);
    }
    if (reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
      throw new IllegalArgumentException("reason is longer than 123 bytes: " + reason);
    }
    sendClose(code, reason);
  }

  /**
   * Sends a close with the code {@link #NORMAL}, if none was sent, waits for at most 2 seconds for
   * that of the peer, and closes the connection. The server calls it when the handler returns.
   */
  @Override
  public void close() throws IOException {
    if (!ended) {
      sendClose(NORMAL, "");
      ended = true;
      transport.close();
    }
  }

  @Override
  public String toString() {
    return "WebSocket[" + transport + (ended ? ", closed]" : "]");
  }
}
