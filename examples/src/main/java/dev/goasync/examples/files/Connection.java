package dev.goasync.examples.files;

import static dev.goasync.GoAsync.checkCancelled;
import static dev.goasync.GoAsync.shielded;
import static dev.goasync.GoAsync.withTimeout;

import dev.goasync.CancelScope;
import dev.goasync.DeadlineExceededException;
import dev.goasync.examples.files.ServedDirectory.Found;
import dev.goasync.examples.files.ServedDirectory.FoundDirectory;
import dev.goasync.examples.files.ServedDirectory.FoundFile;
import dev.goasync.examples.files.ServedDirectory.Moved;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncSocket;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Serves one client: reads its requests and answers them in order. */
public final class Connection {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** How long a request in progress may continue after the server was asked to stop. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** Unused buffers. One loop serves all connections, so no lock is needed. */
  private static final ArrayDeque<ByteBuffer> BUFFERS = new ArrayDeque<>();

  /** With more buffers in use, even small files are sent without one. */
  private static final int MAX_BUFFERS = 64;

  private static int buffersInUse;

  private final AsyncSocket client;
  private final ServedDirectory directory;
  private final Duration timeout;

  /**
   * Creates a connection for an accepted socket.
   *
   * @param timeout the timeout for a request to begin, for its head, and for each write
   */
  public Connection(AsyncSocket client, ServedDirectory directory, Duration timeout) {
    this.client = client;
    this.directory = directory;
    this.timeout = timeout;
  }

  /**
   * Answers requests until the client closes the connection or a timeout ends. A cancel ends the
   * wait for a request; a request in progress is shielded for the grace period.
   */
  public void serve() throws IOException {
    try {
      do {
        withTimeout(timeout, () -> client.readable().await());
      } while (shielded(GRACE, this::serveNext));
    } catch (DeadlineExceededException tooSlow) {
      // close the connection
    }
  }

  /** Answers one request; returns whether the connection stays open. */
  private boolean serveNext() throws IOException {
    Request request;
    try {
      request = withTimeout(timeout, () -> Request.read(client));
    } catch (HttpException wrong) {
      return rejectAndClose(wrong.status, String.valueOf(wrong.getMessage()));
    } catch (DeadlineExceededException late) {
      return rejectAndClose(Status.REQUEST_TIMEOUT, "the request did not come in time");
    }
    if (request == null) {
      return false;
    }
    String connection = request.keepsAlive() ? request.isHttp11() ? null : "keep-alive" : "close";
    try {
      respond(request, connection);
    } catch (HttpException missing) {
      Response response = Response.message(missing.status, String.valueOf(missing.getMessage()));
      send(response, connection, request.isHead());
    }
    return request.keepsAlive();
  }

  private void respond(Request request, @Nullable String connection) throws IOException {
    try (Found found = directory.find(request.target())) {
      Response response =
          switch (found) {
            case FoundFile file -> Response.file(request, file);
            case FoundDirectory listed -> Response.html(Listing.of(request.target(), listed));
            case Moved elsewhere -> Response.moved(elsewhere.link());
          };
      FoundFile file = response.file;
      if (file == null || request.isHead()) {
        send(response, connection, request.isHead());
      } else {
        sendFile(response, connection, file.file());
      }
    }
  }

  private void send(Response response, @Nullable String connection, boolean onlyHead)
      throws IOException {
    ByteBuffer head = ByteBuffer.wrap(response.head(connection));
    ByteBuffer text = ByteBuffer.wrap(response.text, 0, onlyHead ? 0 : response.text.length);
    withTimeout(timeout, () -> client.writeAll(head, text));
  }

  /**
   * Sends a range of a file. A small one goes out with its head in one write. The kernel sends a
   * large one, so that a client which reads slowly holds no buffer.
   */
  private void sendFile(Response response, @Nullable String connection, AsyncFile file)
      throws IOException {
    byte[] head = response.head(connection);
    long position = response.range.from();
    long count = response.range.count();
    if (head.length + count <= BUFFER_BYTES && buffersInUse < MAX_BUFFERS) {
      sendSmall(head, file, position, (int) count);
    } else {
      withTimeout(timeout, () -> client.writeAll(head));
      sendLarge(file, position, count);
    }
  }

  private void sendSmall(byte[] head, AsyncFile file, long position, int count) throws IOException {
    ByteBuffer buffer = BUFFERS.isEmpty() ? ByteBuffer.allocateDirect(BUFFER_BYTES) : BUFFERS.pop();
    buffersInUse++;
    try {
      buffer.put(head).limit(head.length + count);
      while (buffer.hasRemaining()) {
        if (file.read(buffer, position + buffer.position() - head.length) < 0) {
          throw truncated(file);
        }
      }
      withTimeout(timeout, () -> client.writeAll(buffer.flip()));
    } finally {
      buffersInUse--;
      BUFFERS.push(buffer.clear());
    }
  }

  /** Moves the deadline after each part that the client has made room for. */
  private void sendLarge(AsyncFile file, long position, long count) throws IOException {
    CancelScope.<@Nullable Void, IOException>run(scope -> {
      scope.setTimeout(timeout);
      long sent = file.transferTo(position, count, client, _ -> scope.setTimeout(timeout));
      checkCancelled();
      if (sent < count) {
        throw truncated(file);
      }
      return null;
    });
  }

  private static EOFException truncated(AsyncFile file) {
    return new EOFException(file + " was truncated while it was being sent");
  }

  /** Answers a malformed request; returns false, since the start of the next request is unknown. */
  private boolean rejectAndClose(Status status, String message) throws IOException {
    send(Response.message(status, message), "close", false);
    client.lingerAndClose(timeout); // the client may still be sending
    return false;
  }
}
