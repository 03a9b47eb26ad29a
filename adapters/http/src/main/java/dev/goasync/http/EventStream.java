package dev.goasync.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A stream of server-sent events. Each event is sent at once. The stream ends when it is closed or
 * the handler returns; browsers then connect again after a few seconds.
 *
 * <pre>{@code
 * HttpHandler handler = exchange -> {
 *   try (EventStream events = exchange.events()) {
 *     events.send("price", "17", "EUR 4.20");
 *   }
 * };
 * }</pre>
 *
 * <p><b>Threads.</b> One caller at a time, of the handler's loop.
 *
 * <p><b>Errors.</b> {@link IOException} if the client has gone. A handler that only waits is
 * cancelled then, after about a second.
 */
public final class EventStream implements AutoCloseable {
  private final OutputStream output;

  EventStream(OutputStream output) throws IOException {
    this.output = output;
    output.flush(); // so that the browser reports the connection as open
  }

  /** Sends an event of the default type, "message". Lines of the data stay lines. */
  public void send(String data) throws IOException {
    write(fields(new StringBuilder(), data));
  }

  /**
   * Sends an event.
   *
   * @param type the name of the event that listeners are registered for
   * @param id what the browser sends as {@code Last-Event-ID} when it connects again
   * @throws IllegalArgumentException if {@code type} or {@code id} has a line break, or {@code id}
   *     a NUL
   */
  public void send(String type, String id, String data) throws IOException {
    requireLine(type, "type");
    requireLine(id, "id");
    if (id.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("id has a NUL character");
    }
    var text = new StringBuilder("event: ").append(type).append("\nid: ").append(id).append('\n');
    write(fields(text, data));
  }

  /** Sends a comment, which browsers ignore, so that proxies do not take the stream for idle. */
  public void sendComment(String comment) throws IOException {
    requireLine(comment, "comment");
    write(new StringBuilder(": ").append(comment).append("\n\n"));
  }

  private static StringBuilder fields(StringBuilder text, String data) {
    Objects.requireNonNull(data, "data");
    for (String line : data.split("\r\n|\r|\n", -1)) {
      text.append("data: ").append(line).append('\n');
    }
    return text.append('\n');
  }

  private static void requireLine(String text, String name) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException(name + " has a line break");
    }
  }

  private void write(StringBuilder text) throws IOException {
    output.write(text.toString().getBytes(StandardCharsets.UTF_8));
    output.flush();
  }

  /** Ends the stream. */
  @Override
  public void close() throws IOException {
    output.close();
  }
}
