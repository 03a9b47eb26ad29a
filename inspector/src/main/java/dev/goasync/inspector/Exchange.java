package dev.goasync.inspector;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.inspect.Dump;
import dev.goasync.inspect.DumpOptions;
import dev.goasync.inspect.TaskDump;
import dev.goasync.inspector.PageFiles.PageFile;
import dev.goasync.inspector.Request.Refused;
import dev.goasync.internal.inspect.Observation;
import dev.goasync.net.AsyncSocket;
import dev.goasync.sync.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Serves one connection: reads a request, checks it, and answers it. */
final class Exchange {
  private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(5);

  /** A page that takes no data for so long is gone, or its computer sleeps. */
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration LINGER_TIMEOUT = Duration.ofSeconds(2);

  private static final Pattern TASK_ID = Pattern.compile("\\d{1,18}");
  private static final String REASON = "cancelled on the page of the inspector";

  /** How many coroutines of each loop a downloaded dump lists. */
  private static final int MAX_DOWNLOADED_TASKS = 10_000;

  /** No script but our own runs, nothing is loaded from elsewhere, nothing is kept. */
  private static final String SECURITY_HEADERS =
      """
      Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; \
      img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
      frame-ancestors 'none'
      X-Content-Type-Options: nosniff
      X-Frame-Options: DENY
      Referrer-Policy: no-referrer
      Cross-Origin-Resource-Policy: same-origin
      Cross-Origin-Opener-Policy: same-origin
      Cache-Control: no-store
      Connection: close
      """
          .replace("\n", "\r\n");

  private final AsyncSocket client;
  private final String token;
  private final Access access;
  private final Sampler sampler;
  private final PageFiles files;
  private @Nullable String newCookie;
  private boolean headOnly;

  Exchange(AsyncSocket client, String token, Access access, Sampler sampler, PageFiles files) {
    this.client = client;
    this.token = token;
    this.access = access;
    this.sampler = sampler;
    this.files = files;
  }

  void run() throws IOException {
    try {
      Request request = GoAsync.withTimeout(HEAD_TIMEOUT, () -> Request.read(client));
      if (request != null) {
        headOnly = request.method().equals("HEAD");
        newCookie = guard().check(request);
        answer(request);
      }
    } catch (Refused refused) {
      refuse(refused.status, String.valueOf(refused.getMessage()));
    } catch (DeadlineExceededException slow) {
      refuse("408 Request Timeout", "The request took too long.");
    }
  }

  /** The client may still send; a close with unread bytes would reset the connection. */
  private void refuse(String status, String message) throws IOException {
    String allow = status.startsWith("405") ? "Allow: GET, HEAD\r\n" : "";
    respond(status, "text/plain; charset=utf-8", allow, message + "\n");
    client.lingerAndClose(LINGER_TIMEOUT);
  }

  private Guard guard() throws IOException {
    return new Guard(token, access, client.localAddress().getPort());
  }

  private void answer(Request request) throws IOException {
    if (request.method().equals("POST")) {
      cancel(request);
      return;
    }
    switch (request.path()) {
      case "/events" -> sendEvents();
      case "/task" -> sendTask(request);
      case "/dump.json" -> download("application/json", "json", dump().toJson());
      case "/dump.txt" -> download("text/plain; charset=utf-8", "txt", dump().toString());
      default -> sendFile(request.path());
    }
  }

  private void sendFile(String path) throws IOException {
    PageFile file = files.at(path);
    if (file == null) {
      throw new Refused("404 Not Found", "There is no such page.");
    }
    respond("200 OK", file.type(), "", file.content());
  }

  private static Dump dump() {
    return Observation.dump(DumpOptions.standard().withMaxTasks(MAX_DOWNLOADED_TASKS).withStacks());
  }

  private void download(String type, String suffix, String content) throws IOException {
    String header = "Content-Disposition: attachment; filename=\"goasync-dump." + suffix + "\"\r\n";
    respond("200 OK", type, header, content);
  }

  /** One coroutine with its stack. */
  private void sendTask(Request request) throws IOException {
    String id = request.query().getOrDefault("id", "");
    Dump dump = Observation.dump(DumpOptions.standard().withStacks());
    TaskDump found =
        dump.loops().stream()
            .flatMap(loop -> loop.tasks().stream())
            .filter(task -> id.equals(Long.toString(task.id())))
            .findFirst()
            .orElse(null);
    if (found == null) {
      throw new Refused("404 Not Found", "The task has ended, or is not listed one by one.");
    }
    StringBuilder stack = new StringBuilder();
    found.stack().forEach(frame -> stack.append("at ").append(frame).append('\n'));
    respond("200 OK", "text/plain; charset=utf-8", "", stack.toString());
  }

  private void cancel(Request request) throws IOException {
    String id = request.query().getOrDefault("id", "");
    if (!TASK_ID.matcher(id).matches() || !Observation.cancel(Long.parseLong(id), REASON)) {
      throw new Refused("404 Not Found", "The task has ended.");
    }
    respond("200 OK", "text/plain; charset=utf-8", "", "The cancel was requested.\n");
  }

  /** Server-sent events: the newest sample, whenever there is one and the last was sent. */
  private void sendEvents() throws IOException {
    send(head("200 OK", "text/event-stream", "", -1));
    if (headOnly) {
      return;
    }
    Channel<byte[]> samples = sampler.connect();
    try {
      for (byte[] sample : samples) {
        send(sample);
      }
    } finally {
      sampler.disconnect(samples);
    }
  }

  private void respond(String status, String type, String headers, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    send(head(status, type, headers, bytes.length));
    if (!headOnly) {
      send(bytes);
    }
  }

  private byte[] head(String status, String type, String headers, int length) {
    Map<String, String> optional = newCookie == null ? Map.of() : Map.of("Set-Cookie", newCookie);
    var text = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
    text.append("Content-Type: ").append(type).append("\r\n");
    if (length >= 0) {
      text.append("Content-Length: ").append(length).append("\r\n");
    }
    optional.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    text.append(headers).append(SECURITY_HEADERS).append("\r\n");
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void send(byte[] bytes) throws IOException {
    GoAsync.withTimeout(WRITE_TIMEOUT, () -> client.writeAll(bytes));
  }
}
